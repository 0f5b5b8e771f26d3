import { dayMs } from "#src/kernel/clock.ts";
import { type Granularity, periodOf, periodsWithin } from "../periods.ts";
import type { Span } from "./span.ts";

/** Figures of an hour or a day. Times in epoch milliseconds. */
export interface Figures {
  metric: string;
  at: number;
  n: number;
  sum: number;
}

/** Figures by the beginning of their period and their metric: each period that a span touches, also where nothing was. */
export function seriesOf(
  { since, until, granularity, zone }: Span,
  rows: readonly Figures[],
): { at: number; of(metric: string): { n: number; sum: number } }[] {
  const points = new Map(
    periodsWithin(granularity, since, until).map((start) => [
      start,
      new Map<string, { n: number; sum: number }>(),
    ]),
  );
  for (const { metric, at, n, sum } of rows) {
    const day = periodOf("day", at, zone) / dayMs;
    if (day < since || day >= until) continue;
    const point = points.get(periodOf(granularity, at, zone));
    const known = point?.get(metric) ?? nothing;
    point?.set(metric, { n: known.n + n, sum: known.sum + sum });
  }
  return [...points].map(([at, point]) => ({ at, of: (metric) => point.get(metric) ?? nothing }));
}

const nothing = { n: 0, sum: 0 };

/** What figures come to together, by metric. */
export function totalsOf(
  points: ReturnType<typeof seriesOf>,
): (metric: string) => { n: number; sum: number } {
  return (metric) =>
    points
      .map(({ of }) => of(metric))
      .reduce((total, { n, sum }) => ({ n: total.n + n, sum: total.sum + sum }), nothing);
}

/** Which distinct persons are told by a period; of hours nobody's are. */
export const personsOf = (granularity: Granularity) =>
  granularity === "hour" ? undefined : (`persons.${granularity}` as const);
