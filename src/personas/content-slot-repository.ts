import { and, eq, gt, lt, lte, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { contentSlots, runs, subscriptionTiers, users } from "../db/schema/index.ts";

/** No run lives longer: the longest time a step may take, and a day of retries. */
const longestRunMs = 8 * 86_400_000;
/** How soon a slot whose run was never started is free again. */
const startMs = 60_000;
/** How long an idempotency key is remembered. */
const replayMs = 86_400_000;

interface Slot {
  key: string;
  userId: string;
  /** Content completed since then counts. */
  periodStart: number;
  now: number;
}

/**
 * Takes a slot if the tier allows one more piece of content: what was completed in
 * the billing period and what is being made count. Check and insert are one
 * statement. True as well when the key holds one already that can still be replayed.
 */
export async function takeSlot(db: Database, { key, userId, periodStart, now }: Slot): Promise<boolean> {
  const completed = sql`(SELECT count(*) FROM ${runs} WHERE ${runs.userId} = ${userId}
    AND ${runs.status} = 'completed' AND ${runs.completedAt} >= ${periodStart})`;
  const beingMade = sql`(SELECT count(*) FROM ${contentSlots} AS slot WHERE slot.user_id = ${userId}
    AND slot.created_at > ${now - longestRunMs}
    AND (slot.correlation_id IS NOT NULL OR slot.created_at > ${now - startMs})
    AND NOT EXISTS (SELECT 1 FROM ${runs} WHERE ${runs.correlationId} = slot.correlation_id
      AND ${runs.status} IN ('completed', 'failed', 'cancelled')))`;
  const [inserted, held] = await db.batch([
    db
      .insert(contentSlots)
      .select(sql`
        SELECT ${key}, ${userId}, NULL, ${now}
        WHERE EXISTS (SELECT 1 FROM ${users} JOIN ${subscriptionTiers} ON ${subscriptionTiers.name} = ${users.tier}
          WHERE ${users.id} = ${userId} AND (${subscriptionTiers.maxContent} < 0
            OR ${subscriptionTiers.maxContent} > ${completed} + ${beingMade}))`)
      .onConflictDoUpdate({
        target: contentSlots.key,
        set: { createdAt: now, correlationId: null },
        setWhere: lte(contentSlots.createdAt, now - replayMs),
      }),
    db
      .select({ key: contentSlots.key })
      .from(contentSlots)
      .where(and(eq(contentSlots.key, key), gt(contentSlots.createdAt, now - replayMs))),
  ]);
  return inserted.meta.changes > 0 || held.length > 0;
}

/** Says which run a slot is for. */
export const bindSlot = (db: Database, key: string, correlationId: string) =>
  db.update(contentSlots).set({ correlationId }).where(eq(contentSlots.key, key));

/** Frees a slot whose run was refused. */
export const freeSlot = (db: Database, key: string, userId: string) =>
  db.delete(contentSlots).where(and(eq(contentSlots.key, key), eq(contentSlots.userId, userId)));

/** The cron job: drops slots that no longer count. */
export const sweepSlots = (db: Database, now: number) =>
  db.delete(contentSlots).where(lt(contentSlots.createdAt, now - longestRunMs));
