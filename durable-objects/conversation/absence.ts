import { absentAt, defaultIdleSeconds, holderId } from "#src/conversations/index.ts";
import type { HolderRequest } from "#src/objects/holder-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { MessageStore } from "./message-store.ts";

type WatchRow = { since: number; from_seq: number; was_due: number; idle_seconds: number };

interface Parts {
  state: ConversationState;
  messages: MessageStore;
}

/**
 * Since when a person holds the conversation, and until when they are waited for. Nothing of it is armed: when they
 * count as absent follows from what is written, so an answer puts it off by being there. Times in epoch milliseconds.
 */
export class Absence {
  readonly #sql: SqlStorage;
  readonly #parts: Parts;

  constructor(sql: SqlStorage, parts: Parts) {
    this.#sql = sql;
    this.#parts = parts;
  }

  /** Somebody else holds it from now on. What waits in the queue is remembered as of who has let go of it. */
  watch(idleSeconds: number | undefined, now: number): void {
    const { state, messages } = this.#parts;
    const person = holderId(state.row.holder);
    if (state.row.holder === "persona") this.#sql.exec("DELETE FROM watch");
    if (person === undefined) return;
    this.#sql.exec(
      `INSERT OR REPLACE INTO watch (only, since, from_seq, was_due, idle_seconds, person) VALUES (1, ?, ?, ?, ?, ?)`,
      now,
      state.row.last_seq,
      messages.isAnswerDue ? 1 : 0,
      idleSeconds ?? defaultIdleSeconds,
      person,
    );
  }

  /** Who has let go of it, where it waits for somebody else. */
  get leftBy(): string | null {
    if (this.#parts.state.row.holder !== "queue") return null;
    const [row] = this.#sql.exec<{ person: string | null }>("SELECT person FROM watch").toArray();
    return row?.person ?? null;
  }

  /** When whoever holds it counts as absent; never while nobody waits for them. */
  get dueAt(): number {
    const { state, messages } = this.#parts;
    const never = Number.POSITIVE_INFINITY;
    if (!state.isThere) return never;
    const { holder, status } = state.row;
    if (holderId(holder) === undefined || status === "ended" || !messages.isAnswerDue) return never;
    const [row] = this.#sql
      .exec<WatchRow>("SELECT since, from_seq, was_due, idle_seconds FROM watch")
      .toArray();
    if (!row) return never;
    const { since, idle_seconds: idleSeconds } = row;
    return absentAt({ since, idleSeconds, unansweredSince: this.#unansweredSince(row) });
  }

  /** What has the queue hold it in the place of somebody who is absent; undefined while nobody is. */
  requestAt(now: number): HolderRequest | undefined {
    if (this.dueAt > now) return undefined;
    const { holder, holder_epoch: ifEpoch } = this.#parts.state.row;
    const of = holderId(holder);
    return of === undefined ? undefined : { change: { action: "absence", of }, reason: "", ifEpoch };
  }

  #unansweredSince({ since, from_seq, was_due }: WatchRow): number {
    const [answer] = this.#sql
      .exec<{ seq: number }>(
        "SELECT seq FROM messages WHERE role = 'agent' AND seq > ? ORDER BY seq DESC LIMIT 1",
        from_seq,
      )
      .toArray();
    if (!answer && was_due === 1) return since;
    const [waiting] = this.#sql
      .exec<{ at: number }>(
        `SELECT created_at AS at FROM messages
         WHERE on_path = 1 AND (wants_reply = 1 OR role IN ('assistant', 'agent')) AND wants_reply = 1 AND seq > ?
         ORDER BY seq LIMIT 1`,
        answer?.seq ?? from_seq,
      )
      .toArray();
    return waiting?.at ?? since;
  }
}
