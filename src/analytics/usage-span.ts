import { AppError } from "#src/kernel/app-error.ts";
import { dayMs, dayOf } from "#src/kernel/clock.ts";
import type { UsageDimension } from "#src/objects/usage-day.ts";

/** What a series is told by: all of it by the day or by the hour, or the names of a dimension by the day. */
export const seriesKinds = ["day", "hour", "persona", "step", "model", "agent"] as const;
export type SeriesKind = (typeof seriesKinds)[number];

/** Days that one answer has: a row each, and with hours 24 points each. */
const maxDays = { day: 92, hour: 14 };
const usualDays = { day: 30, hour: 2 };

/** Whole days (since 1970-01-01), [since, until), and what of them is told by points of which length. */
export interface UsageSpan {
  by: SeriesKind;
  interval: "day" | "hour";
  dimension: UsageDimension;
  since: number;
  until: number;
}

/**
 * The days that a period touches; up to today, and a month or two days, where it does not say.
 * @param period epoch milliseconds, [since, until)
 * @throws AppError `VALIDATION_ERROR` for one that ends before it begins, or is too long
 */
export function usageSpan(
  { by, ...period }: { by: SeriesKind; since?: number; until?: number },
  now: number,
): UsageSpan {
  const interval = by === "hour" ? "hour" : "day";
  const until = period.until === undefined ? dayOf(now) + 1 : Math.ceil(period.until / dayMs);
  const since = period.since === undefined ? until - usualDays[interval] : dayOf(period.since);
  if (since >= until) throw outOfBounds("until", "It ends before it begins");
  if (until - since > maxDays[interval])
    throw outOfBounds("since", `At most ${maxDays[interval]} days by the ${interval}`);
  return { by, interval, dimension: by === "day" ? "hour" : by, since, until };
}

const outOfBounds = (path: string, message: string) =>
  new AppError("VALIDATION_ERROR", { details: { fields: [{ path, message }] } });
