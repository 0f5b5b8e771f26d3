import { refusalOf } from "#client/errors.ts";

/** What the widget shows, as the platform says it. */
export interface Shown {
  name: string;
  instance_id: string;
  greeting: string | null;
  starters: string[];
  handover: boolean;
  /** Whether people are behind it, and when they are again. */
  open: boolean;
  opens_at: string | null;
  theme: { accent?: string; scheme?: "auto" | "light" | "dark"; side?: "left" | "right" };
  texts: { title?: string; placeholder?: string; launcher?: string; away?: string };
}

interface Opened {
  access_token: string;
  expires_in: number;
  visitor_token: string;
  visitor_id: string;
  conversation_id: string | null;
  widget: Shown;
}

/** What is kept on the page's origin, so that whoever comes back goes on. */
interface Kept {
  visitor?: string;
  conversation?: string;
}

/** A token that ends sooner than this is traded before it is sent, in milliseconds. */
const marginMs = 15_000;

/** Who the page's reader is to the platform: a visitor of the widget, as long as the page is there. */
export class VisitorSession {
  /** Who the reader is to the page: what its server has signed. */
  identity: string | undefined;
  readonly #baseUrl: string;
  readonly #key: string;
  #opened: Opened | undefined;
  #endsAt = 0;
  #opening: Promise<Opened> | undefined;

  constructor(baseUrl: string, key: string) {
    this.#baseUrl = baseUrl;
    this.#key = key;
  }

  /** The visitor, let in. @throws PersonaError where the widget lets nobody in */
  async open(): Promise<Opened> {
    if (this.#opened && this.#endsAt - Date.now() > marginMs) return this.#opened;
    return this.again();
  }

  /** Another access token; all who want one wait for the same. */
  again(): Promise<Opened> {
    this.#opening ??= this.#ask().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** The token to send. */
  get = async (): Promise<string> => (await this.open()).access_token;

  /** Asks for something as the visitor. @throws PersonaError */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const ask = async () =>
      fetch(`${this.#baseUrl}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await this.get()}`,
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    let answer = await ask();
    if (answer.status === 401) {
      await this.again();
      answer = await ask();
    }
    if (!answer.ok) throw await refusalOf(answer);
    return answer.json();
  }

  /** The conversation that goes on: as this page knows it, else as the platform does. */
  get conversationId(): string | undefined {
    return this.#kept.conversation ?? this.#opened?.conversation_id ?? undefined;
  }

  set conversationId(conversation: string | undefined) {
    if (this.#opened) this.#opened.conversation_id = conversation ?? null;
    this.#keep({ ...this.#kept, conversation });
  }

  /** Forgets who was here. */
  forget(): void {
    this.#opened = undefined;
    this.identity = undefined;
    this.#keep({});
  }

  async #ask(): Promise<Opened> {
    const { visitor } = this.#kept;
    const answer = await fetch(`${this.#baseUrl}/api/v1/widgets/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ key: this.#key, visitor_token: visitor, identity: this.identity }),
    });
    if (!answer.ok) throw await refusalOf(answer);
    const opened: Opened = await answer.json();
    const isAnother = this.#opened && this.#opened.visitor_id !== opened.visitor_id;
    if (isAnother || (visitor !== undefined && visitor !== opened.visitor_token))
      this.#keep({ ...this.#kept, conversation: undefined });
    this.#opened = opened;
    this.#endsAt = Date.now() + opened.expires_in * 1000;
    this.#keep({ ...this.#kept, visitor: opened.visitor_token });
    return opened;
  }

  get #kept(): Kept {
    try {
      return JSON.parse(localStorage.getItem(this.#place) ?? "{}");
    } catch {
      return memory.get(this.#place) ?? {};
    }
  }

  /** Where a page keeps nothing, as long as it is there. */
  #keep(kept: Kept): void {
    memory.set(this.#place, kept);
    try {
      localStorage.setItem(this.#place, JSON.stringify(kept));
    } catch {
      // Kept above.
    }
  }

  get #place(): string {
    return `persona-chat:${this.#key}`;
  }
}

const memory = new Map<string, Kept>();
