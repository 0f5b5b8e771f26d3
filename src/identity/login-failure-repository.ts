import { inArray, lt, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { loginFailures } from "../db/schema/index.ts";
import { decayed, type Failures } from "./lockout.ts";

/** Counts older than this are zero whatever they were. */
const longestMemoryMs = 24 * 3_600_000;

/** The counts under some keys; a key without failures is missing. */
export async function failuresOf(db: Database, keys: readonly string[]): Promise<Map<string, Failures>> {
  const rows = await db
    .select()
    .from(loginFailures)
    .where(inArray(loginFailures.key, [...keys]));
  return new Map(rows.map(({ key, ...count }) => [key, count]));
}

/** Counts a failure under every key; what was there has decayed first. */
export async function countFailure(
  db: Database,
  keys: readonly string[],
  known: Map<string, Failures>,
  now: number,
) {
  const rows = [...new Set(keys)].map((key) => {
    const before = known.get(key);
    const forgotten = before ? before.failures - decayed(before, now) : 0;
    return { key, failures: 1, lastAt: now, forgotten };
  });
  for (const { forgotten, ...row } of rows) {
    await db
      .insert(loginFailures)
      .values(row)
      .onConflictDoUpdate({
        target: loginFailures.key,
        set: { failures: sql`max(0, ${loginFailures.failures} - ${forgotten}) + 1`, lastAt: now },
      });
  }
}

/** A sign-in that succeeds clears the account's counts. */
export const clearFailures = (db: Database, keys: readonly string[]) =>
  db.delete(loginFailures).where(inArray(loginFailures.key, [...keys]));

/** Removes counts that have decayed to nothing. */
export const forgetFailures = (db: Database, now: number) =>
  db.delete(loginFailures).where(lt(loginFailures.lastAt, now - longestMemoryMs));
