import { awayText } from "./away-text.ts";
import { element } from "./element.ts";
import { type Deeds, MessageList } from "./message-list.ts";
import type { Standing } from "./talk.ts";
import type { Line } from "./thread.ts";
import type { Shown } from "./visitor-session.ts";
import { words } from "./words.ts";

/** What the panel's reader does. */
export interface Wishes extends Deeds {
  send(text: string): void;
  stop(): void;
  typing(): void;
  askForPerson(): void;
  rateEnding(score: number): void;
  close(): void;
}

/** The opened widget: its messages, and where one writes. */
export class Panel {
  readonly element: HTMLElement;
  readonly #list: MessageList;
  readonly #wishes: Wishes;
  readonly #title = element("h2", { id: "title" });
  readonly #state = element("div", { class: "state", role: "status" });
  readonly #starters = element("div", { class: "row more", role: "group", "aria-label": words.starters });
  readonly #ending = element("div", { class: "row more", role: "group", "aria-label": words.howWasIt });
  readonly #person: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #field: HTMLTextAreaElement;
  #shown: Shown | undefined;

  constructor(wishes: Wishes) {
    this.#wishes = wishes;
    this.#list = new MessageList(wishes);
    const button = (label: string, click: () => void, given = {}) =>
      element("button", { type: "button", click, ...given }, label);
    this.#person = button(words.askForPerson, () => wishes.askForPerson(), { hidden: true });
    this.#stop = button(words.stop, () => wishes.stop(), { hidden: true });
    this.#field = element("textarea", {
      "aria-label": words.placeholder,
      placeholder: words.placeholder,
      maxlength: 8000,
      dir: "auto",
      keydown: (event) => this.#key(event),
      input: () => wishes.typing(),
    });
    const form = element(
      "form",
      {
        submit: (event) => {
          event.preventDefault();
          this.#submit();
        },
      },
      this.#field,
      this.#stop,
      element("button", { class: "main" }, words.send),
    );
    this.element = element(
      "section",
      { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
      element(
        "header",
        {},
        this.#title,
        this.#person,
        button("✕", () => wishes.close(), { "aria-label": words.close }),
      ),
      this.#state,
      this.#list.element,
      this.#starters,
      this.#ending,
      form,
    );
    for (let score = 1; score <= 5; score++)
      this.#ending.append(
        button(String(score), () => wishes.rateEnding(score), { "aria-label": words.of(score) }),
      );
    this.#ending.prepend(words.howWasIt);
  }

  /** What the platform says that it shows. */
  show(shown: Shown): void {
    this.#shown = shown;
    const { title, placeholder } = shown.texts;
    this.#title.textContent = title ?? shown.name;
    this.#field.placeholder = placeholder ?? words.placeholder;
    this.#starters.replaceChildren(
      ...shown.starters.map((text) =>
        element("button", { type: "button", click: () => this.#wishes.send(text) }, text),
      ),
    );
  }

  /** Says what is wrong. */
  say(text: string): void {
    this.#state.textContent = text;
  }

  focus(): void {
    this.#field.focus();
  }

  draw(lines: readonly Line[], standing: Standing, isBegun: boolean): void {
    const { greeting = null, handover = false } = this.#shown ?? {};
    const first: Line[] =
      lines.every(({ seq }) => seq === undefined) && greeting !== null ? [greetingOf(greeting)] : [];
    this.#list.draw([...first, ...lines]);
    this.#starters.hidden = lines.some(({ role }) => role === "user");
    this.#ending.hidden = !standing.isAsked;
    this.#person.hidden = !handover || standing.holder !== "persona";
    this.#stop.hidden = !lines.some(({ status }) => status === "streaming" || status === "pending");
    const text = stateOf(standing, isBegun) || awayText(this.#shown);
    if (this.#state.textContent !== text) this.#state.textContent = text;
  }

  #key(event: Event): void {
    if (!(event instanceof KeyboardEvent) || event.key !== "Enter" || event.shiftKey || event.isComposing)
      return;
    event.preventDefault();
    this.#submit();
  }

  #submit(): void {
    const text = this.#field.value.trim();
    if (text === "") return;
    this.#field.value = "";
    this.#wishes.send(text);
  }
}

/** What the persona says first, as long as no conversation has begun with it. */
const greetingOf = (text: string): Line => ({
  id: "greeting",
  seq: 0,
  role: "assistant",
  text,
  status: "complete",
  rating: null,
  isAnswer: false,
});

function stateOf({ holder, isOnline, isTyping }: Standing, isBegun: boolean): string {
  if (isBegun && !isOnline) return words.offline;
  if (isTyping) return words.typing;
  return { persona: "", queue: words.waiting, person: words.withPerson }[holder];
}
