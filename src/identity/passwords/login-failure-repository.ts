import { and, eq, gte, inArray, isNull, lt, notExists, or, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { loginFailures, users } from "#src/db/schema/index.ts";
import { decayMs, type Failures, type LockoutKey, maxKept } from "./lockout.ts";

/** Counts older than this are zero whatever they were. */
const maxMemoryMs = 24 * 3_600_000;

/** Failures by key; a key without any is missing. */
export type FailureCounts = ReadonlyMap<string, Failures>;

const byKey = (rows: readonly (Failures & { key: string })[]): FailureCounts =>
  new Map(rows.map(({ key, ...count }) => [key, count]));

export const failuresOf = async (db: Database, keys: readonly LockoutKey[]): Promise<FailureCounts> =>
  byKey(
    await db
      .select()
      .from(loginFailures)
      .where(
        inArray(
          loginFailures.key,
          keys.map(({ key }) => key),
        ),
      ),
  );

/**
 * Counts a failure under every key, after what was there has decayed.
 * @returns the new counts; of simultaneous failures each gets another number
 */
export async function countFailure(
  db: Database,
  keys: readonly LockoutKey[],
  now: number,
): Promise<FailureCounts> {
  // As `decayed` has it, but on the row as it is when it is written.
  const forgotten = sql`CAST(max(0, ${now} - ${loginFailures.lastAt}) / ${decayMs} AS INTEGER)`;
  const kept = (most: number) => sql`CASE WHEN ${forgotten} = 0 THEN ${loginFailures.failures}
    ELSE max(0, min(${most}, ${loginFailures.failures}) - ${forgotten}) END`;
  const [first, ...others] = keys.map(({ scope, key }) =>
    db
      .insert(loginFailures)
      .values({ key, failures: 1, lastAt: now })
      .onConflictDoUpdate({
        target: loginFailures.key,
        set: { failures: sql`${kept(maxKept(scope))} + 1`, lastAt: now },
      })
      .returning(),
  );
  if (!first) return new Map();
  return byKey((await db.batch([first, ...others])).flat());
}

/** A sign-in that succeeds clears the account's counts; not the address's, where somebody may be trying others. */
export const clearFailures = (db: Database, keys: readonly LockoutKey[]) =>
  db.delete(loginFailures).where(
    inArray(
      loginFailures.key,
      keys.filter(({ scope }) => scope !== "address").map(({ key }) => key),
    ),
  );

/** Forgets what was counted for an e-mail address that belongs to nobody any more. */
export const forgetFailuresOf = (db: Database, email: string) =>
  db.delete(loginFailures).where(
    and(
      or(
        eq(loginFailures.key, `account:${email}`),
        // Every key that begins so: the character after the last one of the prefix ends the range.
        and(gte(loginFailures.key, `account-at:${email}|`), lt(loginFailures.key, `account-at:${email}}`)),
      ),
      notExists(
        db
          .select({ id: users.id })
          .from(users)
          .where(and(eq(users.email, email), isNull(users.deletedAt))),
      ),
    ),
  );

/** The cron job: removes counts that have decayed to nothing. */
export const forgetFailures = (db: Database, now: number) =>
  removeInPieces(db, loginFailures, lt(loginFailures.lastAt, now - maxMemoryMs));
