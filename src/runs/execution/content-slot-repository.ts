import { and, eq, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { prepared } from "#src/db/prepared.ts";
import { contentSlots, runs, subscriptionTiers, users } from "#src/db/schema/index.ts";

/** No run lives longer: the longest time a step may take, and a day of retries. */
const maxRunMs = 8 * 86_400_000;
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

const since = sql.placeholder("replaySince");
const completed = sql`(SELECT count(*) FROM ${runs} WHERE ${runs.userId} = ${sql.placeholder("userId")}
  AND ${runs.status} = 'completed' AND ${runs.completedAt} >= ${sql.placeholder("periodStart")})`;
const beingMade = sql`(SELECT count(*) FROM ${contentSlots} AS slot WHERE slot.user_id = ${sql.placeholder("userId")}
  AND slot.created_at > ${sql.placeholder("runsSince")}
  AND (slot.correlation_id IS NOT NULL OR slot.created_at > ${sql.placeholder("startsSince")})
  AND NOT EXISTS (SELECT 1 FROM ${runs} WHERE ${runs.correlationId} = slot.correlation_id
    AND ${runs.status} IN ('completed', 'failed', 'cancelled')))`;
const isHeld = sql`EXISTS (SELECT 1 FROM ${contentSlots} AS held
  WHERE held.key = ${sql.placeholder("key")} AND held.created_at > ${since})`;
const hasRoom = sql`EXISTS (SELECT 1 FROM ${users} JOIN ${subscriptionTiers} ON ${subscriptionTiers.name} = ${users.tier}
  WHERE ${users.id} = ${sql.placeholder("userId")} AND (${subscriptionTiers.maxContent} < 0
    OR ${subscriptionTiers.maxContent} > ${completed} + ${beingMade}))`;

const take = prepared((db) =>
  insertWhere(
    db,
    contentSlots,
    {
      key: sql.placeholder("key"),
      userId: sql.placeholder("userId"),
      createdAt: sql.placeholder("now"),
    },
    sql`${isHeld} OR ${hasRoom}`,
  )
    .onConflictDoUpdate({
      target: contentSlots.key,
      // One that is held stays as it is; it is written all the same, so that the change tells that it is there.
      set: {
        correlationId: sql`CASE WHEN ${contentSlots.createdAt} > ${since} THEN ${contentSlots.correlationId} END`,
        createdAt: sql`CASE WHEN ${contentSlots.createdAt} > ${since} THEN ${contentSlots.createdAt} ELSE ${sql.placeholder("now")} END`,
      },
    })
    .prepare(),
);

/**
 * Takes a slot if the tier allows one more piece of content: what was completed in
 * the billing period and what is being made count. Check and insert are one
 * statement. True as well when the key holds one already that can still be replayed.
 */
export async function takeSlot(db: Database, { key, userId, periodStart, now }: Slot): Promise<boolean> {
  const { meta } = await take(db).run({
    key,
    userId,
    periodStart,
    now,
    replaySince: now - replayMs,
    runsSince: now - maxRunMs,
    startsSince: now - startMs,
  });
  return meta.changes > 0;
}

const bind = prepared((db) =>
  db
    .update(contentSlots)
    .set({ correlationId: sql`${sql.placeholder("correlationId")}` })
    .where(eq(contentSlots.key, sql.placeholder("key")))
    .prepare(),
);

/** Says which run a slot is for. */
export const bindSlot = (db: Database, key: string, correlationId: string) =>
  bind(db).run({ key, correlationId });

/** Frees a slot whose run was refused. */
export const freeSlot = (db: Database, key: string, userId: string) =>
  db.delete(contentSlots).where(and(eq(contentSlots.key, key), eq(contentSlots.userId, userId)));

/** The cron job: drops slots that no longer count. */
export const sweepSlots = (db: Database, now: number) =>
  db.delete(contentSlots).where(lt(contentSlots.createdAt, now - maxRunMs));
