import { sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { jsonArraysOf } from "#src/db/json-rows.ts";
import { platformTotals, type RecentEnd, runs } from "#src/db/schema/index.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import { byName, plusEntries, usageEntriesOf } from "#src/objects/usage-day.ts";
import { figuresAsJson, figuresIn, summedFigures } from "./usage-figures-statement.ts";

/** Ends that are remembered. */
const maxRecent = 20;

/** What a run counts for in all: as a run, and by the agent types of its tasks. */
function totalsOf(copy: RunCopy) {
  const usage = plusEntries({}, usageEntriesOf(copy, null));
  return [
    ...Object.values(byName(usage, "hour")).map((figures) => ["all", figures]),
    ...Object.entries(byName(usage, "agent")).map(([type, figures]) => [`agent:${type}`, figures]),
  ];
}

const endOf = ({ correlation_id, client_id, user_id, status, completed_at }: RunCopy): RecentEnd => ({
  correlation_id,
  client_id,
  user_id,
  status,
  at: completed_at ?? 0,
});

/**
 * Adds runs that have ended to what all of them come to, and remembers the last, unless the read model knows of their end.
 * Must stand in the same batch before the statements that write the copies, so that repeated messages count once.
 * @param copies no two of one run
 */
export function countInAll(db: Database, copies: readonly RunCopy[]) {
  const ended = copies.filter(({ completed_at, used }) => completed_at !== null && used !== undefined);
  return jsonArraysOf(ended.map((copy) => [endOf(copy), totalsOf(copy)])).map((list) => {
    const usage = sql`SELECT json_group_object(key, ${figuresAsJson}) FROM (
      SELECT key, ${summedFigures} FROM (
        SELECT entry.value ->> 0 AS key, ${figuresIn("entry.value -> 1")} FROM news, json_each(run, '$[1]') AS entry
        UNION ALL SELECT entry.key, ${figuresIn("entry.value")}
          FROM ${platformTotals}, json_each(${platformTotals.usage}) AS entry)
      GROUP BY key)`;
    const recent = sql`SELECT json_group_array(json(ended)) FROM (
      SELECT ended FROM (
        SELECT run -> 0 AS ended FROM news
        UNION ALL SELECT entry.value FROM ${platformTotals}, json_each(${platformTotals.recent}) AS entry)
      ORDER BY ended ->> 'at' DESC, ended ->> 'correlation_id' DESC LIMIT ${sql.raw(String(maxRecent))})`;
    return insertSelect(
      db,
      platformTotals,
      { only: 1, usage: sql`usage`, recent: sql`recent` },
      sql`FROM (
        WITH news AS (
          SELECT told.value AS run FROM json_each(${list}) AS told WHERE NOT EXISTS (
            SELECT 1 FROM ${runs}
            WHERE ${runs.correlationId} = told.value ->> '$[0].correlation_id' AND ${runs.completedAt} IS NOT NULL))
        SELECT (${usage}) AS usage, (${recent}) AS recent WHERE EXISTS (SELECT 1 FROM news)) WHERE true`,
    ).onConflictDoUpdate({
      target: platformTotals.only,
      set: { usage: sql`excluded.usage`, recent: sql`excluded.recent` },
    });
  });
}

/** What all executions come to that have ended. */
export const totalsOfAll = (db: Database) => db.select().from(platformTotals);
