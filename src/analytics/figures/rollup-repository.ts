import { and, eq, gte, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { cohorts, personSketches, rollupDays, rollupHours, rowCounts } from "#src/db/schema/index.ts";
import type { RollupMetric } from "../metrics.ts";

/** Whose figures, and by what they are narrowed; both empty for the whole of it. */
export interface Whose {
  clientId: string;
  dimension: string;
  name: string;
}

/** Days since 1970-01-01, [since, until). */
export interface Days {
  since: number;
  until: number;
}

const isOf = (table: typeof rollupDays | typeof rollupHours, metrics: readonly RollupMetric[]) =>
  sql`${table.metric} IN (SELECT value FROM json_each(${JSON.stringify(metrics)}))`;

/** Figures by the day: a row for each metric and day on which there is something. */
export const dayFigures = (
  db: Database,
  { clientId, dimension, name }: Whose,
  metrics: readonly RollupMetric[],
  { since, until }: Days,
) =>
  db
    .select({
      metric: rollupDays.metric,
      at: sql<number>`${rollupDays.day} * 86400000`,
      n: rollupDays.n,
      sum: rollupDays.sum,
    })
    .from(rollupDays)
    .where(
      and(
        eq(rollupDays.clientId, clientId),
        isOf(rollupDays, metrics),
        eq(rollupDays.dimension, dimension),
        gte(rollupDays.day, since),
        lt(rollupDays.day, until),
        eq(rollupDays.name, name),
      ),
    );

/** Figures by the hour. @param since,until hours since 1970-01-01 */
export const hourFigures = (
  db: Database,
  { clientId, dimension, name }: Whose,
  metrics: readonly RollupMetric[],
  { since, until }: { since: number; until: number },
) =>
  db
    .select({
      metric: rollupHours.metric,
      at: sql<number>`${rollupHours.hour} * 3600000`,
      n: rollupHours.n,
      sum: rollupHours.sum,
    })
    .from(rollupHours)
    .where(
      and(
        eq(rollupHours.clientId, clientId),
        isOf(rollupHours, metrics),
        eq(rollupHours.dimension, dimension),
        gte(rollupHours.hour, since),
        lt(rollupHours.hour, until),
        eq(rollupHours.name, name),
      ),
    );

/** What days come to, by the names of one dimension of which there are enough; that with most first. */
export const sumsByName = (
  db: Database,
  clientId: string,
  metrics: readonly RollupMetric[],
  dimension: string,
  { since, until }: Days,
  limit: number,
  fewest = 1,
) =>
  db
    .select({
      metric: rollupDays.metric,
      name: rollupDays.name,
      n: sql<number>`sum(${rollupDays.n})`,
      sum: sql<number>`sum(${rollupDays.sum})`,
    })
    .from(rollupDays)
    .where(
      and(
        eq(rollupDays.clientId, clientId),
        isOf(rollupDays, metrics),
        eq(rollupDays.dimension, dimension),
        gte(rollupDays.day, since),
        lt(rollupDays.day, until),
      ),
    )
    .groupBy(rollupDays.metric, rollupDays.name)
    .having(sql`sum(${rollupDays.n}) >= ${fewest}`)
    .orderBy(sql`3 DESC`, rollupDays.name)
    .limit(limit);

/** Accounts of a tenant, or of all, by tier. */
export const accountsByTier = (db: Database, clientId: string) =>
  db
    .select({
      tier: sql<string>`substr(${rowCounts.key}, ${clientId.length + 2})`,
      count: rowCounts.count,
    })
    .from(rowCounts)
    .where(
      and(
        eq(rowCounts.name, "users.of_client"),
        gte(rowCounts.key, `${clientId}/`),
        lt(rowCounts.key, `${clientId}0`),
      ),
    );

/** How many conversations of a tenant, or of all, there are now, by how they stand or who holds them. */
export const conversationsBy = (
  db: Database,
  name: "conversations.status" | "conversations.holder",
  clientId: string,
) =>
  db
    .select({ key: sql<string>`substr(${rowCounts.key}, ${clientId.length + 2})`, count: rowCounts.count })
    .from(rowCounts)
    .where(
      and(eq(rowCounts.name, name), gte(rowCounts.key, `${clientId}/`), lt(rowCounts.key, `${clientId}0`)),
    );

/** What became of cohorts. @param since the first day of the first of them */
export const cohortFigures = (db: Database, clientId: string, period: "week" | "month", since: number) =>
  db
    .select({ first: cohorts.first, later: cohorts.later, persons: cohorts.persons })
    .from(cohorts)
    .where(and(eq(cohorts.clientId, clientId), eq(cohorts.period, period), gte(cohorts.first, since)))
    .orderBy(cohorts.first, cohorts.later);

/** Who was active, day by day, without who. */
export const sketchesOf = (db: Database, clientId: string, { since, until }: Days) =>
  db
    .select({ sketch: personSketches.sketch })
    .from(personSketches)
    .where(
      and(
        eq(personSketches.clientId, clientId),
        gte(personSketches.day, since),
        lt(personSketches.day, until),
      ),
    );
