import { element } from "./element.ts";
import { markdown } from "./markdown.ts";
import { saidUpTo } from "./sentences.ts";
import type { Line } from "./thread.ts";
import { words } from "./words.ts";

/** What can be done with a message. */
export interface Deeds {
  again(id: string): void;
  rate(id: string, rating: "up" | "down" | null): void;
}

interface Shown {
  node: HTMLElement;
  text: HTMLElement;
  /** What is read out of an answer while it is written, sentence by sentence; and how much of it was. */
  spoken: HTMLElement;
  said: number;
  deeds: HTMLElement;
  /** What it was drawn from, so that it is drawn again only where that has changed. */
  of: string;
}

const isWriting = ({ status }: Line): boolean => status === "streaming" || status === "pending";

/** The messages, drawn: each stays the same element as long as it is there. */
export class MessageList {
  readonly element = element("div", {
    class: "log",
    role: "log",
    "aria-live": "polite",
    "aria-relevant": "additions",
    "aria-label": words.messages,
    tabindex: 0,
  });
  readonly #shown = new Map<string, Shown>();
  readonly #deeds: Deeds;

  constructor(deeds: Deeds) {
    this.#deeds = deeds;
  }

  draw(lines: readonly Line[]): void {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < 40;
    const ids = new Set(lines.map(({ id }) => id));
    for (const [id, { node }] of this.#shown)
      if (!ids.has(id)) {
        node.remove();
        this.#shown.delete(id);
      }
    let before: Element | null = null;
    for (const line of lines) {
      const node = this.#drawn(line);
      const place: Element | null = before ? before.nextElementSibling : this.element.firstElementChild;
      if (node !== place) this.element.insertBefore(node, place);
      before = node;
    }
    if (isAtEnd) this.element.scrollTop = this.element.scrollHeight;
  }

  #drawn(line: Line): HTMLElement {
    const of = JSON.stringify(line);
    const shown = this.#shown.get(line.id) ?? this.#made(line);
    if (shown.of === of) return shown.node;
    shown.of = of;
    const isOwn = line.role === "user" || line.role === "system";
    if (isOwn) shown.text.replaceChildren(line.text);
    else shown.text.replaceChildren(...markdown(line.text));
    this.#speak(shown, line);
    shown.deeds.replaceChildren(...this.#deedsOf(line));
    return shown.node;
  }

  #made(line: Line): Shown {
    const [text, spoken, deeds] = [
      element("div", { dir: "auto" }),
      element("div", { class: "unseen" }),
      element("div", { class: "row" }),
    ];
    const role = line.role === "user" || line.role === "system" ? line.role : "theirs";
    const who = { user: words.yours, system: "", theirs: words.theirs }[role];
    const label = element("span", { class: "unseen" }, who);
    const node = element("div", { class: `line ${role}` }, label, text, spoken, deeds);
    const shown = { node, text, spoken, said: 0, deeds, of: "" };
    this.#shown.set(line.id, shown);
    return shown;
  }

  /** While it is written the text changes with each word: only what has ended of it is for who listens. */
  #speak(shown: Shown, line: Line): void {
    const { text, spoken } = shown;
    text.classList.toggle("writing", isWriting(line));
    if (!isWriting(line)) {
      // Whoever has listened hears the rest; then the text itself is there to be read.
      const rest = line.text.slice(shown.said);
      if (text.getAttribute("aria-hidden") && rest.trim() !== "") spoken.append(element("span", {}, rest));
      text.removeAttribute("aria-hidden");
      shown.said = line.text.length;
      setTimeout(() => spoken.replaceChildren(), 1000);
      return;
    }
    text.setAttribute("aria-hidden", "true");
    if (line.text.length < shown.said) shown.said = 0;
    const end = saidUpTo(line.text, shown.said);
    if (end > shown.said) spoken.append(element("span", {}, line.text.slice(shown.said, end)));
    shown.said = end;
  }

  #deedsOf({ id, isAnswer, status, rating }: Line): (Node | string)[] {
    const again = element("button", { type: "button", click: () => this.#deeds.again(id) }, words.again);
    if (status === "unsent") return [words.unsent, again];
    if (status === "failed") return [words.failed, again];
    if (!isAnswer || status !== "complete") return [];
    return (["up", "down"] as const).map((which) =>
      element(
        "button",
        {
          type: "button",
          "aria-label": words[which],
          "aria-pressed": String(rating === which),
          click: () => this.#deeds.rate(id, rating === which ? null : which),
        },
        which === "up" ? "👍" : "👎",
      ),
    );
  }
}
