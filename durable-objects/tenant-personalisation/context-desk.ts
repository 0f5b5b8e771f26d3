import type { Purpose } from "#src/kernel/personalisation-words.ts";
import type { ContextEvent, Interest, PersonContext } from "#src/objects/contexts-api.ts";
import { interestsOf, type Mark } from "#src/personalisation/index.ts";
import type { ConsentStore } from "./consent-store.ts";
import type { Keeper } from "./keeper.ts";

type ContextRow = { id: string; conversation_id: string | null; content: string; at: number };

/** So many of what a person has said are kept: the newest; and so many of them told. */
const bounds = { kept: 200, told: 20, ageMs: 400 * 86_400_000 };

/** Who knows what a person cares for. */
export interface InterestSource {
  marksOf(personId: string, now: number): readonly Mark[];
}

interface Parts {
  sql: SqlStorage;
  consents: ConsentStore;
  sources: readonly InterestSource[];
}

/** What persons have said lately, and care for. */
export class ContextDesk implements Keeper {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  note({ personId, id, conversationId, content, at }: ContextEvent, now: number): { accepted: boolean } {
    const { sql, consents } = this.#parts;
    if (!consents.isGranted(personId, "personalisation")) return { accepted: false };
    sql.exec(
      `INSERT INTO context_events (person_id, id, conversation_id, content, at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (person_id, id) DO NOTHING`,
      personId,
      id,
      conversationId,
      content,
      at,
    );
    sql.exec(
      `DELETE FROM context_events WHERE person_id = ? AND (at < ? OR id IN (
         SELECT id FROM context_events WHERE person_id = ? ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?))`,
      personId,
      now - bounds.ageMs,
      personId,
      bounds.kept,
    );
    return { accepted: true };
  }

  of(personId: string, now: number): Omit<PersonContext, "summary"> {
    const recent = this.#parts.sql
      .exec<ContextRow>(
        `SELECT id, conversation_id, content, at FROM context_events
         WHERE person_id = ? AND at >= ? ORDER BY at DESC, id DESC LIMIT ?`,
        personId,
        now - bounds.ageMs,
        bounds.told,
      )
      .toArray()
      .map(({ conversation_id: conversationId, ...event }) => ({ ...event, conversationId }));
    return { recent, interests: this.interestsOf(personId, now), updatedAt: recent[0]?.at ?? null };
  }

  interestsOf(personId: string, now: number): Interest[] {
    return interestsOf(
      this.#parts.sources.flatMap((source) => source.marksOf(personId, now)),
      now,
    );
  }

  dataOf(personId: string): Record<string, unknown> {
    const rows = this.#parts.sql
      .exec<ContextRow>(
        "SELECT id, conversation_id, content, at FROM context_events WHERE person_id = ? ORDER BY at, id",
        personId,
      )
      .toArray();
    return { context: rows };
  }

  withdraw(personId: string, purpose: Purpose): void {
    if (purpose === "personalisation") this.erase(personId);
  }

  erase(personId: string): void {
    this.#parts.sql.exec("DELETE FROM context_events WHERE person_id = ?", personId);
  }
}
