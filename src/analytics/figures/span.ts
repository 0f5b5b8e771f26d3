import { z } from "@hono/zod-openapi";
import { clientIdSchema } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { dayMs, dayOf, isoTime } from "#src/kernel/clock.ts";
import { isTimeZone } from "#src/kernel/time-zone.ts";
import { type Granularity, granularities } from "../periods.ts";

/** Days that one answer tells of, and that hours are kept. */
export const maxDays = 400;
export const hourDays = 90;
const usualDays = 30;

const day = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((text) => dayOf(Date.parse(text)));
const date = (description: string, example?: string) =>
  day.optional().openapi({ type: "string", description, ...(example && { example }) });

/** Which days, and whose. */
export const spanQuery = z.strictObject({
  start_date: date("From this day on; without it the last 30 days", "2026-01-01"),
  end_date: date("Up to this day, which is in it; without it today", "2026-01-31"),
  startDate: date("Another spelling of `start_date`"),
  endDate: date("Another spelling of `end_date`"),
  client_id: clientIdSchema.optional().openapi({
    description: "A tenant; without it all of them, for a tenant’s own staff their tenant",
  }),
});

/** And by what. */
export const seriesQuery = spanQuery.extend({
  granularity: z.enum(granularities).default("day").openapi({ description: "What a point is of" }),
  time_zone: z.string().max(64).refine(isTimeZone, "No such time zone").default("UTC").openapi({
    description:
      "Whose days they are: within the last 90, as hours are kept no longer; an hour belongs to the day in which it begins",
    example: "Europe/Berlin",
  }),
});
type SeriesQuery = z.output<typeof seriesQuery>;

/** Whole days, [since, until), and what of them is told by what. */
export interface Span {
  since: number;
  until: number;
  granularity: Granularity;
  zone: string;
  /** Whether it takes hours to tell it. */
  isByHour: boolean;
}

/**
 * The days that a query asks for.
 * @throws AppError `VALIDATION_ERROR` for one that ends before it begins, is too long, or asks for hours that are not kept
 */
export function spanOf(
  query: z.output<typeof spanQuery> & Partial<Pick<SeriesQuery, "granularity" | "time_zone">>,
  now: number,
): Span {
  const { granularity = "day", time_zone: zone = "UTC" } = query;
  const until = (query.end_date ?? query.endDate ?? dayOf(now)) + 1;
  const since = query.start_date ?? query.startDate ?? until - usualDays;
  const isByHour = granularity === "hour" || zone !== "UTC";
  if (since >= until) throw outOfBounds("end_date", "It ends before it begins");
  if (until - since > maxDays) throw outOfBounds("start_date", `At most ${maxDays} days`);
  if (isByHour && since < dayOf(now) - hourDays)
    throw outOfBounds("start_date", `Hours are kept for ${hourDays} days`);
  return { since, until, granularity, zone, isByHour };
}

const outOfBounds = (path: string, message: string) =>
  new AppError("VALIDATION_ERROR", { details: { fields: [{ path, message }] } });

/** The first and the last day of a span, as it is told. */
export const toldPeriod = ({ since, until, granularity, zone }: Span) => ({
  start_date: dateOf(since),
  end_date: dateOf(until - 1),
  granularity,
  time_zone: zone,
});

/** A day as a date. */
export const dateOf = (day: number): string =>
  isoTime(day * dayMs)
    .split("T", 1)
    .join("");
