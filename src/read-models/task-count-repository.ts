import { gte, sql, sum } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { taskCounts } from "../db/schema/index.ts";
import type { UsageRecord } from "../messaging/platform-message.ts";

const dayMs = 86_400_000;

/** The UTC day of a time in epoch milliseconds. */
export const dayOf = (at: number): number => Math.floor(at / dayMs);

/**
 * Counts a finished task attempt. Must directly follow the statement that inserts
 * its usage record in the same batch: it counts only what that one inserted, so
 * repeated messages count once.
 */
export const countTask = (db: Database, { agent_type, created_at, success }: UsageRecord) =>
  db
    .insert(taskCounts)
    .select(sql`SELECT ${agent_type}, ${dayOf(created_at)}, 1, ${success ? 0 : 1} WHERE changes() > 0`)
    .onConflictDoUpdate({
      target: [taskCounts.day, taskCounts.agentType],
      set: {
        finished: sql`${taskCounts.finished} + excluded.finished`,
        failed: sql`${taskCounts.failed} + excluded.failed`,
      },
    });

/** What each agent type has finished since a time (from the beginning of its day). */
export const taskCountsSince = (db: Database, since: number) =>
  db
    .select({
      agentType: taskCounts.agentType,
      finished: sum(taskCounts.finished).mapWith(Number),
      failed: sum(taskCounts.failed).mapWith(Number),
    })
    .from(taskCounts)
    .where(gte(taskCounts.day, dayOf(since)))
    .groupBy(taskCounts.agentType);
