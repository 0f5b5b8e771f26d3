import { and, eq, lt, or, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { idempotencyKeys } from "#src/db/schema/index.ts";

/** A turn at a request: what it stores counts only while it is still this one's. */
export interface Turn {
  id: string;
  bodyMac: string;
  attempt: string;
}

/**
 * Takes the turn at a request: when nobody has asked so within the day, or somebody has and died over it. One statement,
 * so of any number at once one gets it.
 */
export async function takeTurn(
  db: Database,
  { id, bodyMac, attempt }: Turn,
  { now, leaseUntil, expiresAt }: { now: number; leaseUntil: number; expiresAt: number },
): Promise<boolean> {
  const row = { id, bodyMac, attempt, leaseUntil, answer: null, expiresAt };
  const { answer, leaseUntil: lease, bodyMac: stored } = idempotencyKeys;
  const taken = await db
    .insert(idempotencyKeys)
    .values(row)
    .onConflictDoUpdate({
      target: idempotencyKeys.id,
      set: row,
      setWhere: or(
        lt(idempotencyKeys.expiresAt, now),
        and(sql`${answer} IS NULL`, lt(lease, now), eq(stored, bodyMac)),
      ),
    })
    .returning({ attempt: idempotencyKeys.attempt });
  return taken.length > 0;
}

const own = ({ id, attempt }: Pick<Turn, "id" | "attempt">) =>
  and(eq(idempotencyKeys.id, id), eq(idempotencyKeys.attempt, attempt));

/** Stores the answer of the turn. */
export const storeAnswer = (db: Database, turn: Turn, answer: Uint8Array) =>
  db
    .update(idempotencyKeys)
    .set({ answer: Buffer.from(answer) })
    .where(own(turn));

/** Gives the turn back: nothing was done, so the key is as good as new. */
export const giveBackTurn = (db: Database, turn: Turn) => db.delete(idempotencyKeys).where(own(turn));

export const findAnswered = (db: Database, id: string) =>
  db.select().from(idempotencyKeys).where(eq(idempotencyKeys.id, id)).get();

/** The cron job: forgets what is older than a day. */
export const forgetIdempotencyKeys = (db: Database, now: number) =>
  removeInPieces(db, idempotencyKeys, lt(idempotencyKeys.expiresAt, now));
