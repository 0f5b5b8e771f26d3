import { z } from "zod";
import { interactionTypes } from "#src/kernel/recommendation-words.ts";
import type { GivenInteraction } from "#src/objects/recommendations-api.ts";
import type { Interaction } from "#src/recommendations/index.ts";

type InteractionRow = {
  person_id: string;
  id: string;
  item_id: string;
  type: string;
  value: number | null;
  at: number;
};

const typeSchema = z.enum(interactionTypes);

/** Whose interactions are nobody's in particular. */
export const nobody = "";

/** An interaction as it is kept. */
export interface KeptInteraction extends Interaction {
  personId: string;
  id: string;
  itemId: string;
}

const select = "SELECT person_id, id, item_id, type, value, at FROM interactions";

/** What persons did, by person: an id counts once for each. */
export class InteractionStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * @param waitsUntil where its item is not known yet
   * @returns whether it is new
   */
  insert(personId: string, given: GivenInteraction, waitsUntil: number | null): boolean {
    const inserted = this.#sql.exec(
      `INSERT INTO interactions (person_id, id, item_id, type, value, at, request_id, waits_until)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (person_id, id) DO NOTHING RETURNING 1`,
      personId,
      given.id,
      given.itemId,
      given.type,
      given.value,
      given.at,
      given.requestId,
      waitsUntil,
    );
    return inserted.toArray().length > 0;
  }

  has(personId: string, id: string): boolean {
    return (
      this.#sql.exec("SELECT 1 FROM interactions WHERE person_id = ? AND id = ?", personId, id).toArray()
        .length > 0
    );
  }

  /** All of a person's, oldest first. */
  of(personId: string): KeptInteraction[] {
    const rows = this.#sql.exec<InteractionRow>(`${select} WHERE person_id = ?`, personId).toArray();
    return rows.map(interactionOf).sort(oldestFirst);
  }

  delete({ personId, id }: KeptInteraction): void {
    this.#sql.exec("DELETE FROM interactions WHERE person_id = ? AND id = ?", personId, id);
  }

  erase(personId: string): void {
    this.#sql.exec("DELETE FROM interactions WHERE person_id = ?", personId);
  }

  /** The next one of whom something is kept, in the order of their ids. */
  personAfter(personId: string): string | undefined {
    return this.#sql
      .exec<{ person_id: string }>(
        "SELECT person_id FROM interactions WHERE person_id > ? ORDER BY person_id LIMIT 1",
        personId,
      )
      .toArray()[0]?.person_id;
  }

  /** How many wait for their item. */
  get waiting(): number {
    return this.#sql
      .exec<{ count: number }>("SELECT count(*) AS count FROM interactions WHERE waits_until IS NOT NULL")
      .one().count;
  }

  /** When the first has waited long enough. */
  get waitingUntil(): number | null {
    return this.#sql
      .exec<{ first: number | null }>(
        "SELECT min(waits_until) AS first FROM interactions WHERE waits_until IS NOT NULL",
      )
      .one().first;
  }

  /** Those that wait for one of some items, and wait no longer. */
  released(items: ReadonlySet<string>): KeptInteraction[] {
    const released = this.#sql
      .exec<InteractionRow>(`${select} WHERE waits_until IS NOT NULL`)
      .toArray()
      .filter((row) => items.has(row.item_id))
      .map(interactionOf);
    for (const { personId, id } of released)
      this.#sql.exec(
        "UPDATE interactions SET waits_until = NULL WHERE person_id = ? AND id = ?",
        personId,
        id,
      );
    return released.sort(oldestFirst);
  }

  /** Lets go of those that have waited in vain. */
  expire(now: number): void {
    this.#sql.exec("DELETE FROM interactions WHERE waits_until <= ?", now);
  }
}

/** Of one time in the order of their ids. */
const oldestFirst = (one: KeptInteraction, other: KeptInteraction) =>
  one.at - other.at || (one.id < other.id ? -1 : 1);

const interactionOf = (row: InteractionRow): KeptInteraction => ({
  personId: row.person_id,
  id: row.id,
  itemId: row.item_id,
  type: typeSchema.parse(row.type),
  value: row.value,
  at: row.at,
});
