import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { and, eq, gt, inArray, isNull, lt, ne, type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect, insertWhere } from "#src/db/insert-select.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { type oneTimePurposes, oneTimeTokens } from "#src/db/schema/index.ts";

export type OneTimePurpose = (typeof oneTimePurposes)[number];

const hour = 3_600_000;

/** How long a token lives, and how many of a kind an account gets in an hour: nobody is flooded with mail. */
const rules: Record<OneTimePurpose, { lifetimeMs: number; maxPerHour: number }> = {
  verify_email: { lifetimeMs: 24 * hour, maxPerHour: 5 },
  reset_password: { lifetimeMs: hour, maxPerHour: 5 },
  change_email: { lifetimeMs: hour, maxPerHour: 5 },
  change_password: { lifetimeMs: hour / 4, maxPerHour: 20 },
};

const hashOf = (token: string): string => bytesToHex(sha256(utf8ToBytes(token)));

/** Seconds that a token of a kind lives. */
export const oneTimeTokenSeconds = (purpose: OneTimePurpose): number => rules[purpose].lifetimeMs / 1000;

/** A new token, or how long until the account gets another one. */
type MadeToken = { token: string } | { retryAfterSeconds: number };

/**
 * Makes a token for a user; earlier ones for the same purpose stop working. Only its hash is stored.
 * Changes nothing when the account has had too many of them within the hour.
 * @param address where it goes, if that is not the account's own address
 */
export async function makeOneTimeToken(
  db: Database,
  purpose: OneTimePurpose,
  userId: string,
  now: number,
  address: string | null = null,
): Promise<MadeToken> {
  const token = bytesToHex(randomBytes(32));
  const hash = hashOf(token);
  const { lifetimeMs, maxPerHour } = rules[purpose];
  const ofKind = and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, purpose));
  const isMade = sql`EXISTS (SELECT 1 FROM one_time_tokens AS made WHERE made.hash = ${hash})`;
  const lately = and(ofKind, gt(oneTimeTokens.createdAt, now - hour));
  const [{ meta }, , [oldest]] = await db.batch([
    insertWhere(
      db,
      oneTimeTokens,
      { hash, purpose, userId, createdAt: now, expiresAt: now + lifetimeMs, address },
      sql`(SELECT count(*) FROM ${oneTimeTokens} WHERE ${lately}) < ${maxPerHour}`,
    ),
    db
      .update(oneTimeTokens)
      .set({ usedAt: now })
      .where(and(ofKind, isNull(oneTimeTokens.usedAt), ne(oneTimeTokens.hash, hash), isMade)),
    db
      .select({ createdAt: oneTimeTokens.createdAt })
      .from(oneTimeTokens)
      .where(lately)
      .orderBy(oneTimeTokens.createdAt)
      .limit(1),
  ]);
  if (meta.changes > 0) return { token };
  return { retryAfterSeconds: Math.max(1, Math.ceil(((oldest?.createdAt ?? now) + hour - now) / 1000)) };
}

/**
 * Makes a token for each of several users, by a fixed number of statements; earlier
 * ones for the same purpose stop working. How many an account gets is the caller's to limit.
 * @returns the tokens by user
 */
export async function makeOneTimeTokens(
  db: Database,
  purpose: OneTimePurpose,
  userIds: readonly string[],
  now: number,
): Promise<Map<string, string>> {
  const tokens = new Map(userIds.map((userId) => [userId, bytesToHex(randomBytes(32))]));
  const made = [...tokens].map(([userId, token]) => ({ user_id: userId, hash: hashOf(token) }));
  const list = JSON.stringify(made);
  const row = {
    hash: sql`value ->> 'hash'`,
    purpose,
    userId: sql`value ->> 'user_id'`,
    createdAt: now,
    expiresAt: now + rules[purpose].lifetimeMs,
  };
  await db.batch([
    db
      .update(oneTimeTokens)
      .set({ usedAt: now })
      .where(
        and(
          sql`${oneTimeTokens.userId} IN (SELECT value ->> 'user_id' FROM json_each(${list}))`,
          eq(oneTimeTokens.purpose, purpose),
          isNull(oneTimeTokens.usedAt),
        ),
      ),
    insertSelect(db, oneTimeTokens, row, sql`FROM json_each(${list})`),
  ]);
  return tokens;
}

const isUnused = (hash: string, now: number) =>
  and(eq(oneTimeTokens.hash, hash), isNull(oneTimeTokens.usedAt), gt(oneTimeTokens.expiresAt, now));

/** Nothing else is worth hashing: whoever sends a megabyte as a token costs nobody its digest. */
const shape = /^[0-9a-f]{64}$/;

/** A token that can still be used, for one of these purposes. */
export const findOneTimeToken = async (
  db: Database,
  purposes: readonly OneTimePurpose[],
  token: string,
  now: number,
) =>
  shape.test(token)
    ? db
        .select()
        .from(oneTimeTokens)
        .where(and(isUnused(hashOf(token), now), inArray(oneTimeTokens.purpose, [...purposes])))
        .get()
    : undefined;

/** Uses a token up, if `when` holds: changes a row once, and none ever after. */
export const useOneTimeToken = (db: Database, hash: string, now: number, when?: SQL) =>
  db
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(and(isUnused(hash, now), when));

/** True while the token is unused; a condition for the statements of a batch that uses it up at its end. */
export const isOneTimeTokenUnused = (hash: string, now: number): SQL =>
  sql`EXISTS (SELECT 1 FROM ${oneTimeTokens} WHERE ${isUnused(hash, now)})`;

/** Makes a user's tokens of some kinds unusable, if the condition holds. */
export const voidOneTimeTokens = (
  db: Database,
  userId: string,
  purposes: readonly OneTimePurpose[],
  now: number,
  when: SQL,
) =>
  db
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeTokens.userId, userId),
        inArray(oneTimeTokens.purpose, [...purposes]),
        isNull(oneTimeTokens.usedAt),
        when,
      ),
    );

/** The cron job: removes tokens that have run out. */
export const forgetOneTimeTokens = (db: Database, now: number) =>
  removeInPieces(db, oneTimeTokens, lt(oneTimeTokens.expiresAt, now - hour));
