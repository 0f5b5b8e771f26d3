import { element } from "./element.ts";
import { Panel } from "./panel.ts";
import { inkOn, styleSheet } from "./styles.ts";
import { Talk } from "./talk.ts";
import { type Shown, VisitorSession } from "./visitor-session.ts";
import { words } from "./words.ts";

/** Where this very module comes from: the platform that it talks with. */
const platform = new URL(import.meta.url).origin;

/** Pages do not all ask in the same moment, in milliseconds. */
const spreadMs = 60_000;

const waitUntil = (time: string): number =>
  Math.max(0, Date.parse(time) - Date.now()) + Math.random() * spreadMs;

/**
 * `<persona-chat widget="wk_…">`: a persona on any page (docs/widget.md). All that it shows stands in its shadow root;
 * nothing is asked of the platform before it is opened.
 */
class PersonaChat extends HTMLElement {
  static readonly observedAttributes = ["identity"];
  #session: VisitorSession | undefined;
  #talk: Talk | undefined;
  #isDrawing = false;
  #opening: ReturnType<typeof setTimeout> | undefined;
  readonly #launcher = element(
    "button",
    { class: "main launcher", type: "button", "aria-expanded": "false", click: () => void this.open() },
    words.launcher,
  );
  readonly #panel = new Panel({
    send: (text) => void this.#talk?.send(text),
    stop: () => this.#talk?.stop(),
    typing: () => this.#talk?.typing(),
    again: (id) => this.#tried((talk) => talk.again(id)),
    rate: (id, rating) => this.#tried((talk) => talk.rate(id, rating)),
    askForPerson: () =>
      this.#tried(async (talk) => {
        // Where nobody is there any more, that is what it says from now on.
        await talk.askForPerson().catch(async (error: unknown) => {
          if ((await this.#lookAgain()).open) throw error;
        });
      }),
    rateEnding: (score) =>
      this.#tried(async (talk) => {
        await talk.rateEnding(score);
        this.#panel.say(words.thanks);
      }),
    close: () => this.close(),
  });

  connectedCallback(): void {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(element("section", { "aria-label": words.launcher }, this.#launcher, this.#panel.element));
    if (!this.hasAttribute("scheme")) this.setAttribute("scheme", "auto");
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    addEventListener("online", () => this.#sendAgain());
    if (this.hasAttribute("open")) void this.open();
  }

  disconnectedCallback(): void {
    clearTimeout(this.#opening);
    this.#talk?.close();
    this.#talk = undefined;
  }

  attributeChangedCallback(_name: string, _before: string | null, identity: string | null): void {
    if (this.#session) this.#session.identity = identity ?? undefined;
  }

  /** Opens it, and goes on with what was said before. */
  async open(): Promise<void> {
    const session = this.#sessionOf();
    this.#panel.element.hidden = false;
    this.#launcher.hidden = true;
    this.#launcher.setAttribute("aria-expanded", "true");
    this.#panel.focus();
    this.#talk ??= new Talk(platform, session, () => this.#drawSoon());
    try {
      const { widget } = await session.open();
      this.#look(widget);
      await this.#talk?.resume();
      this.#drawSoon();
    } catch {
      this.#panel.say(words.closed);
    }
  }

  /** Closes it; what was said goes on where it is opened again. */
  close(): void {
    if (this.#panel.element.hidden) return;
    this.#panel.element.hidden = true;
    this.#launcher.hidden = false;
    this.#launcher.setAttribute("aria-expanded", "false");
    this.#launcher.focus();
  }

  /** Forgets who was here: for when somebody signs out of the page. */
  forget(): void {
    this.#talk?.close();
    this.#talk = undefined;
    this.#sessionOf().forget();
    this.close();
  }

  #sessionOf(): VisitorSession {
    if (!this.#session) {
      this.#session = new VisitorSession(platform, this.getAttribute("widget") ?? "");
      this.#session.identity = this.getAttribute("identity") ?? undefined;
    }
    return this.#session;
  }

  /** Asks what it shows by now. */
  async #lookAgain(): Promise<Shown> {
    const { widget } = await this.#sessionOf().again();
    this.#look(widget);
    this.#drawSoon();
    return widget;
  }

  #look(shown: Shown): void {
    const { accent, scheme, side } = shown.theme;
    this.#panel.show(shown);
    clearTimeout(this.#opening);
    if (shown.opens_at !== null)
      this.#opening = setTimeout(() => void this.#lookAgain().catch(() => {}), waitUntil(shown.opens_at));
    this.#launcher.textContent = shown.texts.launcher ?? words.launcher;
    if (scheme) this.setAttribute("scheme", scheme);
    if (side) this.setAttribute("side", side);
    if (accent) {
      this.style.setProperty("--accent", accent);
      this.style.setProperty("--on-accent", inkOn(accent));
    }
  }

  #tried(work: (talk: Talk) => Promise<void>): void {
    if (this.#talk) work(this.#talk).catch(() => this.#panel.say(words.unsent));
  }

  #sendAgain(): void {
    for (const { id, status } of this.#talk?.thread.lines ?? [])
      if (status === "unsent") this.#tried((talk) => talk.again(id));
  }

  /** However much comes at once, it is drawn once. */
  #drawSoon(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      if (this.#talk) this.#panel.draw(this.#talk.thread.lines, this.#talk.standing, this.#talk.isBegun);
    });
  }
}

if (!customElements.get("persona-chat")) customElements.define("persona-chat", PersonaChat);
