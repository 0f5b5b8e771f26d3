import { v7 as uuidv7 } from "uuid";
import { z } from "zod";
import { compactionEnd, correctedRate, isCompactionDue, type Read } from "#src/conversations/index.ts";
import type { CompactionClosing, CompactionContext } from "#src/objects/compaction-contract.ts";
import { type Stale, type TurnClosing, turnClosingSchema } from "#src/objects/turn-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { Marks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import type { Summaries } from "./summaries.ts";
import { carriedFrom } from "./turn-context.ts";
import type { TurnDesk } from "./turn-desk.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  summaries: Summaries;
  desk: TurnDesk;
  outbox: TurnOutbox;
  marks: Marks;
}

/** A summary that has not come by then does not come any more: another may be begun. */
const patienceMs = 900_000;

/** What every model reads at least, in tokens, and what a byte comes to, where no answer has told. */
const unread = { window: 200_000, tokensPerByte: 1 / 3 } as const;

const readingSchema = z.object({ window: z.number(), tokensPerByte: z.number() });

type Wanted = { id: string; up_to: string };

/** Where it is decided what of a conversation is summarised, and when. Times in epoch milliseconds. */
export class CompactionDesk {
  readonly #sql: SqlStorage;
  readonly #parts: Parts;

  constructor(sql: SqlStorage, parts: Parts) {
    this.#sql = sql;
    this.#parts = parts;
  }

  /** Ends a turn with its answer, and has the path summarised when that has read much of what its model reads. */
  closeTurn(closing: TurnClosing, now: number): { ok: true } | Stale {
    const { turnId, reading } = turnClosingSchema.parse(closing);
    const { desk } = this.#parts;
    const isFirst = desk.running?.id === turnId;
    const closed = desk.close(closing, now);
    if (closed.ok && isFirst && reading) this.#note(reading, now);
    return closed;
  }

  /** Begins a summary, or gives the one that is being made; undefined where there is nothing to summarise. */
  begin(now: number): string | undefined {
    const { state, summaries, outbox } = this.#parts;
    this.#sql.exec("DELETE FROM compactions WHERE began_at <= ?", now - patienceMs);
    const [underWay] = this.#sql.exec<{ id: string }>("SELECT id FROM compactions").toArray();
    const leaf = state.row.active_leaf;
    if (underWay || leaf === null) return underWay?.id;
    const { window, tokensPerByte } = this.#reading;
    const before = summaries.above({ depth: Number.MAX_SAFE_INTEGER });
    const end = compactionEnd(this.#standing(leaf, tokensPerByte), {
      window,
      covered: before?.depth ?? 0,
    });
    if (!end) return undefined;
    const id = uuidv7({ msecs: now });
    this.#sql.exec("INSERT INTO compactions (id, up_to, began_at) VALUES (?, ?, ?)", id, end.id, now);
    outbox.put(id, "compact", now);
    return id;
  }

  /** Whether a summary is still wanted. */
  isWanted(id: string): boolean {
    return this.#wanted(id) !== undefined;
  }

  /** It does not come. */
  giveUp(id: string): void {
    this.#sql.exec("DELETE FROM compactions WHERE id = ?", id);
    this.#parts.outbox.remove(id, "compact");
  }

  /** What a summary is made from: the path between the summary before it and the message that it goes up to. */
  context(id: string): { ok: true; context: CompactionContext } | Stale {
    const { state, messages, summaries, marks } = this.#parts;
    const wanted = this.#wanted(id);
    const end = wanted && messages.find(wanted.up_to);
    if (!end?.onPath) return { ok: false, code: "ENDED" };
    const before = summaries.above({ depth: end.depth });
    const { newest } = carriedFrom({ messages, held: marks.held }, end.id, before?.upTo);
    const { model } = state.persona;
    return { ok: true, context: { model, earlier: before?.text ?? null, messages: newest } };
  }

  close({ compactionId, upTo, ...summary }: CompactionClosing, now: number): { ok: true } | Stale {
    const { messages, summaries } = this.#parts;
    const wanted = this.#wanted(compactionId);
    const end = messages.find(upTo);
    // What it covers may have been taken back meanwhile: it is not wanted any more then.
    if (!wanted || !end) return { ok: false, code: "ENDED" };
    summaries.put({ id: compactionId, ...summary }, end, now);
    this.giveUp(compactionId);
    return { ok: true };
  }

  /** The path from a message up, with how many tokens each message comes to at most. */
  *#standing(leaf: string, tokensPerByte: number) {
    for (const { id, depth } of this.#parts.messages.upwards(leaf)) {
      const { bytes } = this.#sql
        .exec<{ bytes: number }>(
          "SELECT octet_length(content) + coalesce(octet_length(parts), 0) AS bytes FROM messages WHERE id = ?",
          id,
        )
        .one();
      yield { id, depth, tokens: Math.ceil(bytes * tokensPerByte) };
    }
  }

  #note(read: Read, now: number): void {
    const { state } = this.#parts;
    const before = state.row.reading === null ? null : this.#reading.tokensPerByte;
    const { window } = read;
    state.keepReading(JSON.stringify({ window, tokensPerByte: correctedRate(before, read) }));
    if (isCompactionDue(read)) this.begin(now);
  }

  get #reading(): z.infer<typeof readingSchema> {
    const { reading } = this.#parts.state.row;
    return reading === null ? unread : readingSchema.parse(JSON.parse(reading));
  }

  /** What a byte comes to in tokens, as far as answers have told; null where none has. */
  get tokensPerByte(): number | null {
    return this.#parts.state.row.reading === null ? null : this.#reading.tokensPerByte;
  }

  #wanted(id: string): Wanted | undefined {
    return this.#sql.exec<Wanted>("SELECT id, up_to FROM compactions WHERE id = ?", id).toArray()[0];
  }
}
