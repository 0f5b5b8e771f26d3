import { and, asc, gte, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { jsonArraysOf } from "#src/db/json-rows.ts";
import { runs, usageDays } from "#src/db/schema/index.ts";
import { dayOf } from "#src/kernel/clock.ts";
import type { RunCopy } from "#src/objects/platform-message.ts";
import {
  byName,
  maxNames,
  type UsageDimension,
  type UsageOfDay,
  usageEntriesOf,
} from "#src/objects/usage-day.ts";
import { figuresAsJson, figuresIn, summedFigures } from "./usage-figures-statement.ts";

/** The dimension of a key, which is the key of what has no name any more. */
const dimension = sql.raw("substr(key, 1, instr(key, ':'))");

/**
 * Adds what runs have used to the days on which they ended, unless the read model knows of their end. Must stand in the
 * same batch before the statements that write the copies, so that repeated messages count once. The same as
 * `plusEntries`, by set.
 * @param copies no two of one run
 */
export function countUsage(db: Database, copies: readonly RunCopy[]) {
  const ended = copies.flatMap((copy) => {
    const entries = usageEntriesOf(copy, copy.template_id);
    return entries.length === 0 ? [] : [[copy.correlation_id, dayOf(copy.completed_at ?? 0), entries]];
  });
  return jsonArraysOf(ended).map((list) =>
    insertSelect(
      db,
      usageDays,
      { day: sql`day`, usage: sql`json_group_object(key, ${figuresAsJson})` },
      sql`FROM (
        WITH news AS (
          SELECT run.value ->> 1 AS day, entry.value ->> 0 AS key, 1 AS is_new, ${figuresIn("entry.value -> 1")}
          FROM json_each(${list}) AS run, json_each(run.value, '$[2]') AS entry
          WHERE NOT EXISTS (
            SELECT 1 FROM ${runs} WHERE ${runs.correlationId} = run.value ->> 0 AND ${runs.completedAt} IS NOT NULL)),
        known AS (
          SELECT ${usageDays.day} AS day, entry.key AS key, 0 AS is_new, ${figuresIn("entry.value")}
          FROM ${usageDays}, json_each(${usageDays.usage}) AS entry WHERE ${usageDays.day} IN (SELECT day FROM news)),
        named AS (
          SELECT day, key, min(is_new) AS is_new, ${summedFigures}
          FROM (SELECT * FROM news UNION ALL SELECT * FROM known) GROUP BY day, key),
        placed AS (
          SELECT *, row_number() OVER (
            PARTITION BY day, ${dimension}, key = ${dimension} ORDER BY is_new, key) AS place FROM named)
        SELECT day, CASE WHEN place > ${sql.raw(String(maxNames))} THEN ${dimension} ELSE key END AS key, ${summedFigures}
        FROM placed GROUP BY 1, 2) GROUP BY day`,
    ).onConflictDoUpdate({ target: usageDays.day, set: { usage: sql`excluded.usage` } }),
  );
}

/**
 * What all tenants have used, by one dimension; days on which nothing ended are left out.
 * @param since,until days since 1970-01-01, [since, until)
 */
export async function usageOfAll(
  db: Database,
  { dimension, since, until }: { dimension: UsageDimension; since: number; until: number },
): Promise<UsageOfDay[]> {
  const rows = await db
    .select()
    .from(usageDays)
    .where(and(gte(usageDays.day, since), lt(usageDays.day, until)))
    .orderBy(asc(usageDays.day));
  return rows.map(({ day, usage }) => ({ day, names: byName(usage, dimension) }));
}
