import { and, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import {
  activePersons,
  cohortMembers,
  cohorts,
  countedEvents,
  funnelProgress,
  personSketches,
  rollupDays,
  rollupHours,
} from "#src/db/schema/index.ts";
import { addedToDay } from "../counting/count-statements.ts";

/** Events from before a time (epoch milliseconds). */
export const forgetEvents = (db: Database, before: number) =>
  removeInPieces(db, countedEvents, lt(countedEvents.at, before));

/** How far persons have come who began before a time (epoch milliseconds). */
export const forgetProgress = (db: Database, before: number) =>
  removeInPieces(db, funnelProgress, lt(funnelProgress.since, before));

/** Hours, from before one. */
export const forgetHours = (db: Database, before: number) =>
  removeInPieces(db, rollupHours, lt(rollupHours.hour, before));

/** Who was active on days, in weeks and months that began before a day, and how many that were. */
export const forgetActive = async (db: Database, before: number): Promise<number> =>
  (await removeInPieces(db, activePersons, lt(activePersons.start, before))) +
  (await removeInPieces(db, personSketches, lt(personSketches.day, before)));

/** Cohorts of weeks, or months, that began before a day. */
export async function forgetCohorts(db: Database, period: "week" | "month", before: number): Promise<number> {
  const members = and(eq(cohortMembers.period, period), lt(cohortMembers.first, before));
  return (
    (await removeInPieces(db, cohortMembers, members)) +
    (await removeInPieces(db, cohorts, and(eq(cohorts.period, period), lt(cohorts.first, before))))
  );
}

/** The first day behind one of which there are figures, before another. */
export const nextDay = async (db: Database, after: number, before: number): Promise<number | undefined> =>
  (
    await db
      .select({ day: rollupDays.day })
      .from(rollupDays)
      .where(and(gt(rollupDays.day, after), lt(rollupDays.day, before)))
      .orderBy(rollupDays.day)
      .limit(1)
      .get()
  )?.day;

const ofPersons = ["persons.day", "persons.week"];

/** Puts a day's figures to those of its month; distinct persons of days and weeks are told no more. */
export const intoMonth = (db: Database, day: number, month: number) =>
  [
    insertSelect(
      db,
      rollupDays,
      {
        clientId: sql`client_id`,
        metric: sql`metric`,
        dimension: sql`dimension`,
        name: sql`name`,
        n: sql`n`,
        sum: sql`sum`,
        day: month,
      },
      sql`FROM (SELECT client_id, metric, dimension, name, n, sum FROM ${rollupDays}
        WHERE day = ${day} AND metric NOT IN (SELECT value FROM json_each(${JSON.stringify(ofPersons)}))) WHERE true`,
    ).onConflictDoUpdate(addedToDay),
    db.delete(rollupDays).where(eq(rollupDays.day, day)),
  ] as const;

/** Distinct persons of a day and a week that stand on the first of a month. */
export const forgetPersonsOf = (db: Database, day: number) =>
  db.delete(rollupDays).where(and(eq(rollupDays.day, day), inArray(rollupDays.metric, ofPersons)));
