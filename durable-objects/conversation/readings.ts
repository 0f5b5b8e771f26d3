import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import {
  type LogEntry,
  type MessagePage,
  type MessageQuery,
  type MessageView,
  messageQuerySchema,
  type Standing,
  type TurnView,
} from "#src/objects/conversation-api.ts";
import {
  type NotePage,
  type NoteQuery,
  noteQuerySchema,
  type ParticipantView,
} from "#src/objects/conversation-staff-api.ts";
import { type Stale, type TurnContext, type TurnKey, turnKeySchema } from "#src/objects/turn-contract.ts";
import type { assemble } from "./assemble.ts";
import { contextOf } from "./turn-context.ts";
import { notFound } from "./writing.ts";

/** Entries of a list that one call gives. */
const maxEntries = 1000;

/** What is read of a conversation that is there, be it archived. */
export class Readings {
  readonly #parts: ReturnType<typeof assemble>;

  constructor(parts: ReturnType<typeof assemble>) {
    this.#parts = parts;
  }

  async messages(given: MessageQuery): Promise<Outcome<MessagePage>> {
    const query = messageQuerySchema.parse(given);
    return this.#of(({ messages, hidden, marks }) => {
      const page = messages.page(query);
      if (!query.withHidden) return page;
      return {
        ...page,
        messages: page.messages.map((message) => hidden.shown(message)),
        marks: marks.of(page.messages.map(({ id }) => id)),
      };
    });
  }

  async message(messageId: string): Promise<Outcome<MessageView>> {
    await this.#parts.freezer.thaw();
    if (!this.#parts.state.isThere) return notFound;
    const message = this.#parts.messages.find(messageId);
    return message ? success(message) : refusal("NOT_FOUND", "No such message");
  }

  /** What a turn is answered from. */
  context(given: TurnKey): { ok: true; context: TurnContext } | Stale {
    const key = turnKeySchema.parse(given);
    if (!this.#parts.state.isThere) return { ok: false, code: "NOT_FOUND" };
    const turn = this.#parts.desk.meant(key);
    const { tokensPerByte } = this.#parts.compaction;
    return "ok" in turn ? turn : { ok: true, context: contextOf(turn, { ...this.#parts, tokensPerByte }) };
  }

  async standing(): Promise<Outcome<Standing>> {
    return this.#of(({ turns, log }) => ({ turn: turns.running ?? null, logged: log.latest }));
  }

  async turns(limit: number): Promise<Outcome<TurnView[]>> {
    return this.#of(({ turns }) => turns.newest(Math.min(limit, maxEntries)));
  }

  async log(since: number, limit: number): Promise<Outcome<{ entries: LogEntry[]; isGap: boolean }>> {
    return this.#of(({ log }) => log.read(since, Math.min(limit, maxEntries)));
  }

  async notes(given: NoteQuery): Promise<Outcome<NotePage<MessageView>>> {
    const query = noteQuerySchema.parse(given);
    return this.#of(({ notes }) => notes.page(query));
  }

  async participants(limit: number): Promise<Outcome<ParticipantView[]>> {
    return this.#of(({ participants }) => participants.list(Math.min(limit, maxEntries)));
  }

  async #of<T>(read: (parts: ReturnType<typeof assemble>) => T): Promise<Outcome<T>> {
    await this.#parts.freezer.thaw();
    return this.#parts.state.isThere ? success(read(this.#parts)) : notFound;
  }
}
