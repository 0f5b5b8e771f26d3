import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { and, eq, gt, isNull, lt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { type oneTimePurposes, oneTimeTokens } from "../db/schema/index.ts";

export type OneTimePurpose = (typeof oneTimePurposes)[number];

const lifetimeMs: Record<OneTimePurpose, number> = {
  verify_email: 24 * 3_600_000,
  reset_password: 3_600_000,
};

const hashOf = (token: string): string => bytesToHex(sha256(utf8ToBytes(token)));

/** Makes a token for a user; earlier ones for the same purpose stop working. Only its hash is stored. */
export async function makeOneTimeToken(
  db: Database,
  purpose: OneTimePurpose,
  userId: string,
  now: number,
): Promise<string> {
  const token = bytesToHex(randomBytes(32));
  await db.batch([
    db.delete(oneTimeTokens).where(and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, purpose))),
    db
      .insert(oneTimeTokens)
      .values({ hash: hashOf(token), purpose, userId, expiresAt: now + lifetimeMs[purpose] }),
  ]);
  return token;
}

/** Uses a token up; gives its user once, and undefined for any other call. */
export async function useOneTimeToken(
  db: Database,
  purpose: OneTimePurpose,
  token: string,
  now: number,
): Promise<string | undefined> {
  const [used] = await db
    .update(oneTimeTokens)
    .set({ usedAt: now })
    .where(
      and(
        eq(oneTimeTokens.hash, hashOf(token)),
        eq(oneTimeTokens.purpose, purpose),
        isNull(oneTimeTokens.usedAt),
        gt(oneTimeTokens.expiresAt, now),
      ),
    )
    .returning({ userId: oneTimeTokens.userId });
  return used?.userId;
}

/** Removes tokens that have run out. */
export const forgetOneTimeTokens = (db: Database, now: number) =>
  db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, now));
