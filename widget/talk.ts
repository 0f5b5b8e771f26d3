import { ConversationConnection } from "#client/conversation-connection.ts";
import type { Message } from "#client/conversation-events.ts";
import { isPassing } from "#client/errors.ts";
import { pauseAfter, waited } from "#client/pauses.ts";
import { Thread } from "./thread.ts";
import type { VisitorSession } from "./visitor-session.ts";

interface View {
  id: string;
  status: "active" | "waiting" | "ended";
  holder: string;
  satisfaction: { asked: boolean; score: number | null } | null;
}

/** How it stands besides its messages. */
export interface Standing {
  holder: "persona" | "queue" | "person";
  /** Whether one is asked how it was. */
  isAsked: boolean;
  isOnline: boolean;
  /** Whether a person is typing. */
  isTyping: boolean;
}

const holderOf = (holder: string): Standing["holder"] => {
  if (holder === "persona" || holder === "queue") return holder;
  return "person";
};

/** What is said more often that one is typing is not passed on, in milliseconds. */
const typingMs = 2000;

/** The conversation that a widget shows: what is told of it, and what its reader does. */
export class Talk {
  readonly thread = new Thread();
  standing: Standing = { holder: "persona", isAsked: false, isOnline: false, isTyping: false };
  readonly #baseUrl: string;
  readonly #session: VisitorSession;
  readonly #changed: () => void;
  #id: string | undefined;
  #beginning: Promise<ConversationConnection> | undefined;
  #typedAt = 0;
  #connection: ConversationConnection | undefined;

  constructor(baseUrl: string, session: VisitorSession, changed: () => void) {
    this.#baseUrl = baseUrl;
    this.#session = session;
    this.#changed = changed;
  }

  /** Whether there is a conversation. */
  get isBegun(): boolean {
    return this.#connection !== undefined;
  }

  /** Goes on with the conversation that there is, if there is one. */
  async resume(): Promise<void> {
    if (this.#connection || this.#session.conversationId === undefined) return;
    const view = await this.#existing();
    if (view) await this.#enter(view);
  }

  /** Writes a message, in a conversation that begins with it where there is none. */
  async send(text: string, id: string = crypto.randomUUID()): Promise<void> {
    this.thread.send(id, text);
    this.#changed();
    try {
      const connection = await this.#begun();
      const { message } = await connection.send(text, { clientMessageId: id });
      this.thread.put(message, id);
    } catch {
      this.thread.change(id, { status: "unsent" });
    }
    this.#changed();
  }

  /** Sends again what has not gone, under the same word: it is one message. */
  async again(id: string): Promise<void> {
    const line = this.thread.of(id);
    if (line?.status === "unsent") await this.send(line.text, id);
    else if (line) await this.#session.call("POST", `/conversations/${this.#id}/messages/${id}/regenerate`);
  }

  stop(): void {
    this.#connection?.stop();
  }

  /** Somebody is writing, which is told no more often than it is heard. */
  typing(): void {
    if (Date.now() - this.#typedAt < typingMs) return;
    this.#typedAt = Date.now();
    this.#connection?.typing();
  }

  async rate(id: string, rating: "up" | "down" | null): Promise<void> {
    this.thread.change(id, { rating });
    this.#changed();
    await this.#session.call("PUT", `/conversations/${this.#id}/messages/${id}/feedback`, { rating });
  }

  async rateEnding(score: number): Promise<void> {
    this.#stand({ isAsked: false });
    await this.#session.call("PUT", `/conversations/${this.#id}/satisfaction`, { score });
  }

  async askForPerson(): Promise<void> {
    await this.#begun();
    this.#take(await this.#session.call<View>("POST", `/conversations/${this.#id}/handover`, {}));
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#id = undefined;
    this.thread.clear();
  }

  #begun(): Promise<ConversationConnection> {
    if (this.#connection) return Promise.resolve(this.#connection);
    this.#beginning ??= this.#begin().finally(() => {
      this.#beginning = undefined;
    });
    return this.#beginning;
  }

  /** The conversation as it stands; undefined where it was erased, or is another's. */
  async #existing(): Promise<View | undefined> {
    const { conversationId } = this.#session;
    if (conversationId === undefined) return undefined;
    try {
      return await this.#session.call<View>("GET", `/conversations/${conversationId}`);
    } catch (error) {
      if (isPassing(error)) throw error;
      this.#session.conversationId = undefined;
      return undefined;
    }
  }

  async #begin(): Promise<ConversationConnection> {
    const { widget } = await this.#session.open();
    const existing = await this.#existing();
    if (existing) return this.#enter(existing);
    const asked = { instance_id: widget.instance_id };
    const { conversation } = await this.#session.call<{ conversation: View }>(
      "POST",
      "/conversations",
      asked,
    );
    this.#session.conversationId = conversation.id;
    return this.#enter(conversation);
  }

  /** First it is listened to, then read: what comes in between is heard. */
  async #enter(view: View): Promise<ConversationConnection> {
    this.#take(view);
    const connection = this.#connect(view.id);
    await this.#read();
    return connection;
  }

  #connect(id: string): ConversationConnection {
    this.#id = id;
    const session = this.#session;
    const parts = {
      baseUrl: this.#baseUrl,
      path: `/api/v1/conversations/${id}/ws`,
      tokens: session,
      // Asked where the token is good no more: another one is what there is to ask for.
      fetch: async () => {
        await session.again();
        return new Response();
      },
    };
    const connection = new ConversationConnection(parts, {
      onState: (state) => this.#stand({ isOnline: state === "open" }),
      onGap: () => this.#catchUp(this.#read),
    });
    this.#connection = connection;
    // One that may not come back is left: the next message tries another.
    connection.closed
      .catch(() => {})
      .then(() => {
        if (this.#connection === connection) this.#connection = undefined;
      });
    this.#hear(connection);
    return connection;
  }

  #hear(connection: ConversationConnection): void {
    const { thread } = this;
    const told = () => this.#changed();
    connection.on("message.created", ({ data }) => {
      thread.put(data.message, data.client_message_id);
      told();
    });
    connection.on("message.updated", ({ data }) => {
      thread.put(data.message);
      told();
    });
    connection.on("message.deleted", ({ data }) => {
      thread.remove(data.message_id);
      told();
    });
    connection.on("message.reset", ({ data }) => {
      thread.change(data.message_id, { text: "", status: "streaming" });
      told();
    });
    connection.onText(({ messageId, text }) => {
      thread.change(messageId, { text, status: "streaming" });
      told();
    });
    const ends = { completed: "complete", stopped: "stopped", failed: "failed" } as const;
    for (const end of ["completed", "stopped", "failed"] as const)
      connection.on(`message.${end}`, ({ data }) => {
        const { message_id: id, text_length } = data;
        thread.change(id, { status: ends[end] });
        // What was not heard is read.
        if (thread.of(id)?.text.length !== text_length) this.#catchUp(() => this.#readOne(id));
        told();
      });
    connection.on("holder.changed", ({ data }) => this.#stand({ holder: holderOf(data.holder) }));
    connection.on("conversation.ended", () => this.#catchUp(this.#look));
    connection.on("conversation.updated", () => this.#catchUp(this.#look));
    connection.on("typing.changed", ({ data }) => this.#stand({ isTyping: data.typing }));
  }

  #take({ holder, satisfaction }: View): void {
    const isAsked = satisfaction?.asked === true && satisfaction.score === null;
    this.#stand({ holder: holderOf(holder), isAsked });
  }

  /** Reads what was not heard, for as long as there is the connection that has not told it. */
  async #catchUp(read: () => Promise<void>): Promise<void> {
    const connection = this.#connection;
    for (let failures = 1; this.#connection === connection; failures++)
      try {
        return await read();
      } catch (error) {
        // What is refused is not there any more.
        if (!isPassing(error)) return;
        await waited(pauseAfter(error, failures));
      }
  }

  #look = async (): Promise<void> =>
    this.#take(await this.#session.call<View>("GET", `/conversations/${this.#id}`));

  #read = async (): Promise<void> => {
    const path = `/conversations/${this.#id}/messages`;
    const { messages } = await this.#session.call<{ messages: Message[] }>("GET", path);
    for (const message of messages) this.thread.put(message);
    this.#changed();
  };

  async #readOne(id: string): Promise<void> {
    this.thread.put(await this.#session.call<Message>("GET", `/conversations/${this.#id}/messages/${id}`));
    this.#changed();
  }

  #stand(change: Partial<Standing>): void {
    this.standing = { ...this.standing, ...change };
    this.#changed();
  }
}
