import { type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { activePersons, cohortMembers, cohorts, rollupDays } from "#src/db/schema/index.ts";
import { everyTenant } from "../metrics.ts";
import { addedToDay } from "./count-statements.ts";
import { type Delivery, newsOf } from "./news-statement.ts";

/** Weeks, and months, that a cohort is followed. */
export const followed = 12;

const monthOf = (day: SQL, by: SQL = sql`'+0 month'`) =>
  sql`unixepoch(${day} * 86400, 'unixepoch', 'start of month', ${by}) / 86400`;

/** The days, weeks and months that persons of a delivery were active in. */
const periodsOf = (delivery: Delivery) => sql`
  SELECT DISTINCT client_id, person, period.value AS period,
    CASE period.value WHEN 'day' THEN day WHEN 'week' THEN day - (day + 3) % 7 ELSE ${monthOf(sql`day`)} END AS start
  FROM (SELECT client_id, person, at / 86400000 AS day FROM (${newsOf(delivery)}) WHERE person IS NOT NULL),
    json_each('["day","week","month"]') AS period`;

/** Those of them in which nobody had seen the person before. */
const freshOf = (delivery: Delivery) => sql`
  SELECT active.client_id, active.person, active.period, active.start
  FROM (${periodsOf(delivery)}) AS told CROSS JOIN ${activePersons} AS active
    ON active.client_id = told.client_id AND active.person = told.person
      AND active.period = told.period AND active.start = told.start
  WHERE active.batch = ${delivery.batch}`;

/** Writes who was active when. */
export const putActive = (db: Database, delivery: Delivery) =>
  insertSelect(
    db,
    activePersons,
    {
      clientId: sql`client_id`,
      person: sql`person`,
      period: sql`period`,
      start: sql`start`,
      batch: delivery.batch,
    },
    sql`FROM (${periodsOf(delivery)}) WHERE true`,
  ).onConflictDoNothing();

/**
 * Adds who was active to the days, weeks and months, and to those of them that follow one in which they were as well:
 * whichever of the two is told first.
 */
export function addActive(db: Database, delivery: Delivery) {
  const neighbour = (way: "-1" | "+1") => sql`CASE fresh.period
    WHEN 'day' THEN fresh.start + ${sql.raw(way)} WHEN 'week' THEN fresh.start + 7 * ${sql.raw(way)}
    ELSE ${monthOf(sql`fresh.start`, sql.raw(`'${way} month'`))} END`;
  const isThere = (start: SQL) => sql`EXISTS (
    SELECT 1 FROM ${activePersons} AS other
    WHERE other.client_id = fresh.client_id AND other.person = fresh.person AND other.period = fresh.period
      AND other.start = ${start}`;
  return insertSelect(
    db,
    rollupDays,
    {
      clientId: sql`whose.value`,
      metric: sql`'persons.' || period`,
      dimension: sql`dimension`,
      name: "",
      day: sql`start`,
      n: sql`count(*)`,
      sum: sql`count(*)`,
    },
    sql`FROM (
      WITH fresh AS (${freshOf(delivery)})
      SELECT client_id, period, '' AS dimension, start FROM fresh
      UNION ALL SELECT client_id, period, 'kept', start FROM fresh WHERE ${isThere(neighbour("-1"))})
      UNION ALL SELECT client_id, period, 'kept', ${neighbour("+1")} FROM fresh
        WHERE ${isThere(neighbour("+1"))} AND other.batch <> ${delivery.batch})),
      json_each(json_array(client_id, ${everyTenant})) AS whose
    WHERE true GROUP BY whose.value, period, dimension, start`,
  ).onConflictDoUpdate(addedToDay);
}

/**
 * Who is active in a week, or month, that has not ended, and was in none before, belongs to it from now on.
 * @param open the first days of the weeks and months that take somebody in
 */
export const putMembers = (db: Database, delivery: Delivery, open: readonly number[]) =>
  insertSelect(
    db,
    cohortMembers,
    { clientId: sql`client_id`, person: sql`person`, period: sql`period`, first: sql`start` },
    sql`FROM (${freshOf(delivery)}) WHERE period <> 'day' AND start IN (SELECT value FROM json_each(${JSON.stringify(open)}))
      ORDER BY start`,
  ).onConflictDoNothing();

/** Adds who was active to what became of their cohort. */
export function addToCohorts(db: Database, delivery: Delivery) {
  const months = (day: string) =>
    sql.raw(
      `(strftime('%Y', ${day} * 86400, 'unixepoch') * 12 + strftime('%m', ${day} * 86400, 'unixepoch'))`,
    );
  return insertSelect(
    db,
    cohorts,
    {
      clientId: sql`whose.value`,
      period: sql`period`,
      first: sql`first`,
      later: sql`later`,
      persons: sql`count(*)`,
    },
    sql`FROM (
      SELECT fresh.client_id, fresh.period, member.first, CASE fresh.period
        WHEN 'week' THEN (fresh.start - member.first) / 7 ELSE ${months("fresh.start")} - ${months("member.first")} END AS later
      FROM (${freshOf(delivery)}) AS fresh CROSS JOIN ${cohortMembers} AS member
        ON member.client_id = fresh.client_id AND member.person = fresh.person AND member.period = fresh.period
      WHERE member.first <= fresh.start), json_each(json_array(client_id, ${everyTenant})) AS whose
    WHERE later <= ${followed} GROUP BY whose.value, period, first, later`,
  ).onConflictDoUpdate({
    target: [cohorts.clientId, cohorts.period, cohorts.first, cohorts.later],
    set: { persons: sql`${cohorts.persons} + excluded.persons` },
  });
}
