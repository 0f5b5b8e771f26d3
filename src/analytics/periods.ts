import { dayMs, dayOf } from "#src/kernel/clock.ts";
import { offsetOf } from "#src/kernel/time-zone.ts";

/** What figures are told by. */
export const granularities = ["hour", "day", "week", "month"] as const;
export type Granularity = (typeof granularities)[number];

export const hourMs = 3_600_000;

/** The day (since 1970-01-01, a Thursday) on which the week of a day begins, a Monday. */
export const weekOf = (day: number): number => day - ((((day + 3) % 7) + 7) % 7);

/** The day on which the month of a day begins. */
export function monthStart(day: number): number {
  const date = new Date(day * dayMs);
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
}

/** The day on which the month so many months behind, or before, the one of a day begins. */
export function monthsFrom(day: number, months: number): number {
  const date = new Date(day * dayMs);
  return dayOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
}

/** When the period of a zone's local time begins that a time is in: local milliseconds, as if they were UTC. */
export function periodOf(granularity: Granularity, at: number, zone = "UTC"): number {
  const local = at + offsetOf(zone, at);
  if (granularity === "hour") return Math.floor(local / hourMs) * hourMs;
  return dayStarting(granularity, dayOf(local)) * dayMs;
}

const dayStarting = (granularity: Exclude<Granularity, "hour">, day: number): number => {
  if (granularity === "day") return day;
  return granularity === "week" ? weekOf(day) : monthStart(day);
};

/** When the period behind one begins. */
function nextPeriod(granularity: Granularity, start: number): number {
  if (granularity === "hour") return start + hourMs;
  if (granularity === "day") return start + dayMs;
  return granularity === "week" ? start + 7 * dayMs : monthsFrom(dayOf(start), 1) * dayMs;
}

/**
 * The beginnings of all periods that days touch, in order.
 * @param since,until days, [since, until)
 */
export function periodsWithin(granularity: Granularity, since: number, until: number): number[] {
  const periods: number[] = [];
  for (
    let start = periodOf(granularity, since * dayMs);
    start < until * dayMs;
    start = nextPeriod(granularity, start)
  )
    periods.push(start);
  return periods;
}
