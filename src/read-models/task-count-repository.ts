import { gte, sql, sum } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { jsonArraysOf } from "#src/db/json-rows.ts";
import { runs, taskCounts, usage } from "#src/db/schema/index.ts";
import { dayOf } from "#src/kernel/clock.ts";
import type { RunCopy, UsageRecord } from "#src/objects/platform-message.ts";

const added = {
  target: [taskCounts.day, taskCounts.agentType],
  set: {
    finished: sql`${taskCounts.finished} + excluded.finished`,
    failed: sql`${taskCounts.failed} + excluded.failed`,
  },
};

/**
 * Counts the attempts of runs that have ended, unless the read model knows of their end. Must stand in the same batch
 * before the statements that write the copies, so that repeated messages count once.
 * @param copies no two of one run
 */
export function countEndedRuns(db: Database, copies: readonly RunCopy[]) {
  const counts = copies.flatMap(({ correlation_id, completed_at, attempts = {} }) =>
    completed_at === null
      ? []
      : Object.entries(attempts).map(([type, { finished, failed }]) => [
          correlation_id,
          type,
          dayOf(completed_at),
          finished,
          failed,
        ]),
  );
  return jsonArraysOf(counts).map((list) =>
    insertSelect(
      db,
      taskCounts,
      {
        agentType: sql`value ->> 1`,
        day: sql`value ->> 2`,
        finished: sql`sum(value ->> 3)`,
        failed: sql`sum(value ->> 4)`,
      },
      sql`FROM json_each(${list}) WHERE NOT EXISTS (
        SELECT 1 FROM ${runs} WHERE ${runs.correlationId} = value ->> 0 AND ${runs.completedAt} IS NOT NULL)
        GROUP BY value ->> 1, value ->> 2`,
    ).onConflictDoUpdate(added),
  );
}

/**
 * Counts finished attempts that an object of a release before tells one by one, unless the read model has their usage.
 * Must stand in the same batch before the statements that write it, so that repeated messages count once.
 * @param records no two with the same id
 */
export const countNewTasks = (db: Database, records: readonly UsageRecord[]) =>
  jsonArraysOf(
    records.map(({ id, agent_type, created_at, success }) => [id, agent_type, dayOf(created_at), !success]),
  ).map((tasks) =>
    insertSelect(
      db,
      taskCounts,
      {
        agentType: sql`value ->> 1`,
        day: sql`value ->> 2`,
        finished: sql`count(*)`,
        failed: sql`sum(value ->> 3)`,
      },
      sql`FROM json_each(${tasks}) WHERE NOT EXISTS (SELECT 1 FROM ${usage} WHERE ${usage.id} = value ->> 0)
        GROUP BY value ->> 1, value ->> 2`,
    ).onConflictDoUpdate(added),
  );

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
