import type { Database } from "#src/db/client.ts";
import { dayMs, dayOf } from "#src/kernel/clock.ts";
import { keptMs } from "../counting/count-events.ts";
import { followed } from "../counting/person-statements.ts";
import { hourDays } from "../figures/span.ts";
import { monthStart, monthsFrom } from "../periods.ts";
import {
  forgetActive,
  forgetCohorts,
  forgetEvents,
  forgetHours,
  forgetPersonsOf,
  forgetProgress,
  intoMonth,
  nextDay,
} from "./prune-repository.ts";

/** Months of which days are told apart. */
const keptMonths = 25;
/** An event that may just still count is known for an hour more. */
const graceMs = 3_600_000;
/** The longest window of a funnel, and a day. */
const windowMs = 31 * dayMs;
/** Days that one go of the job puts together. */
const maxDays = 62;

/**
 * The job that ends what is kept no longer (docs/analytics.md#how-long-it-is-kept): events, hours, who was active, cohorts;
 * and puts days of long ago together by their months.
 * @returns how many rows, and days
 */
export async function pruneAnalytics(db: Database, now: number): Promise<number> {
  const today = dayOf(now);
  const oldest = monthsFrom(monthStart(today), -keptMonths);
  return (
    (await forgetEvents(db, now - keptMs - graceMs)) +
    (await forgetProgress(db, now - windowMs)) +
    (await forgetHours(db, (today - hourDays - 1) * 24)) +
    (await forgetActive(db, oldest)) +
    (await forgetCohorts(db, "week", today - 7 * (followed + 1))) +
    (await forgetCohorts(db, "month", monthsFrom(monthStart(today), -followed - 1))) +
    (await foldDays(db, oldest))
  );
}

async function foldDays(db: Database, before: number): Promise<number> {
  let folded = 0;
  for (let day = await nextDay(db, -1, before); day !== undefined && folded < maxDays; ) {
    const month = monthStart(day);
    if (day === month) await forgetPersonsOf(db, day);
    else {
      await db.batch(intoMonth(db, day, month));
      folded++;
    }
    day = await nextDay(db, day, before);
  }
  return folded;
}
