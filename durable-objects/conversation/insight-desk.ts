import { v7 as uuidv7 } from "uuid";
import { causeInInsights } from "#src/conversations/index.ts";
import type { InsightsClosing, InsightsContext } from "#src/objects/insights-contract.ts";
import type { Stale } from "#src/objects/turn-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { HolderDesk } from "./holder-desk.ts";
import type { TurnOutbox } from "./turn-outbox.ts";

interface Parts {
  state: ConversationState;
  holder: HolderDesk;
  outbox: TurnOutbox;
}

/** A conversation is read at most so often, and no more than this of it at once. */
const pace = { everyMs: 60_000, messages: 20, units: 4000 };

type Reading = { id: string; from_seq: number; up_to_seq: number; began_at: number; is_closed: number };

/**
 * Where it is decided when what the owner has said is read for moods and topics. Nothing of what was read out of it is
 * kept here but how far it was read. Times in epoch milliseconds.
 */
export class InsightDesk {
  readonly #sql: SqlStorage;
  readonly #parts: Parts;

  constructor(sql: SqlStorage, parts: Parts) {
    this.#sql = sql;
    this.#parts = parts;
  }

  /** An answer is there: what its question said may be read, with all since the last reading. */
  noteAnswer(now: number): void {
    const { state, outbox } = this.#parts;
    if (!state.persona.insights) return;
    const last = this.#last;
    if (last && now - last.began_at < pace.everyMs) return;
    const from = last?.up_to_seq ?? 0;
    const [newest] = this.#sql
      .exec<{ seq: number }>(
        "SELECT seq FROM messages WHERE on_path = 1 AND wants_reply = 1 AND seq > ? ORDER BY seq DESC LIMIT 1",
        from,
      )
      .toArray();
    if (!newest) return;
    const id = uuidv7({ msecs: now });
    this.#sql.exec("DELETE FROM insights");
    this.#sql.exec(
      "INSERT INTO insights (id, from_seq, up_to_seq, began_at, is_closed) VALUES (?, ?, ?, ?, 0)",
      id,
      from,
      newest.seq,
      now,
    );
    outbox.put(id, "insights", now);
  }

  isWanted(id: string): boolean {
    return this.#open(id) !== undefined;
  }

  context(id: string): { ok: true; context: InsightsContext } | Stale {
    const reading = this.#open(id);
    if (!reading) return { ok: false, code: "ENDED" };
    const { instance_id: instanceId, owner_id, owner_kind: kind } = this.#parts.state.row;
    const messages = this.#sql
      .exec<{ id: string; content: string }>(
        `SELECT id, substr(content, 1, ?) AS content FROM messages
         WHERE on_path = 1 AND wants_reply = 1 AND status = 'complete' AND seq > ? AND seq <= ? ORDER BY seq DESC LIMIT ?`,
        pace.units,
        reading.from_seq,
        reading.up_to_seq,
        pace.messages,
      )
      .toArray()
      .reverse();
    const learns = this.#parts.state.persona.personalisation === "full";
    return {
      ok: true,
      context: { instanceId, person: { id: owner_id, kind }, learns, messages },
    };
  }

  /** A person takes over, where the persona is published to have it so and still holds the conversation. */
  close({ insightsId, ...read }: InsightsClosing, now: number): { ok: true } | Stale {
    const { state, holder } = this.#parts;
    if (!this.#open(insightsId)) return { ok: false, code: "ENDED" };
    this.#sql.exec("UPDATE insights SET is_closed = 1 WHERE id = ?", insightsId);
    const { handover } = state.persona;
    const { holder: held, status } = state.row;
    const cause = handover && held === "persona" && status === "active" && causeInInsights(handover, read);
    if (cause) holder.change({ change: { action: "handover" }, reason: cause }, now);
    return { ok: true };
  }

  get #last(): Reading | undefined {
    return this.#sql.exec<Reading>("SELECT * FROM insights ORDER BY began_at DESC LIMIT 1").toArray()[0];
  }

  #open(id: string): Reading | undefined {
    return this.#sql.exec<Reading>("SELECT * FROM insights WHERE id = ? AND is_closed = 0", id).toArray()[0];
  }
}
