import { type SQL, sql } from "drizzle-orm";
import { integer, sqliteTable } from "drizzle-orm/sqlite-core";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";

/** A view that keeps nothing. */
const guards = sqliteTable("guards", { holds: integer("holds") });

/** Refuses the batch that it stands in, whole, unless a condition holds (migrations/commerce/0001_figures.sql). */
export const guard = (db: Database, condition: SQL) => insertSelect(db, guards, { holds: condition }, sql``);

/** Whether a batch was refused because something is not as it was read: a guard, or the check of a table. */
export const isGuardRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  /A guard does not hold|CHECK constraint failed/.test(`${error.message} ${error.cause}`);

/** How often something is read again that others have changed meanwhile. */
const maxTurns = 5;

/**
 * Reads, decides and writes until what was read holds while it is written. What was decided is told by who decides,
 * also what is refused.
 * @param turn one go; its batch has guards
 * @throws what it throws, and the refusal of the last go
 */
export async function untilItHolds<T>(turn: () => Promise<T>): Promise<T> {
  for (let left = maxTurns; ; left--) {
    try {
      return await turn();
    } catch (error) {
      if (left === 0 || !isGuardRefusal(error)) throw error;
    }
  }
}
