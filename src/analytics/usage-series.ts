import { noFigures, plusFigures, type UsageFigures } from "#src/engine/usage-figures.ts";
import { dayMs, isoTime } from "#src/kernel/clock.ts";
import type { UsageOfDay } from "#src/objects/usage-day.ts";
import type { UsageSeries } from "./schemas.ts";
import type { UsageSpan } from "./usage-span.ts";

/** Names that a series shows; the others are shown together. */
const maxShown = 10;

const hourMs = 3_600_000;

/** Something that was used: when (the beginning of its day or hour), and of what; null for what is not named. */
interface Part {
  name: string | null;
  at: number;
  figures: UsageFigures;
}

const sumOf = (parts: readonly Pick<Part, "figures">[]): UsageFigures =>
  parts.reduce((sum, { figures }) => plusFigures(sum, figures), noFigures);

/** Days of usage as series of points, one for each day or hour: of everything, or of the names that most is of. */
export function usageSeries(span: UsageSpan, days: readonly UsageOfDay[]): UsageSeries {
  const parts = days.flatMap((day) => partsOf(span, day));
  const shown = mostUsed(parts);
  const byName = Map.groupBy(parts, ({ name }) => (name !== null && shown.includes(name) ? name : null));
  const rest = byName.get(null) ?? (shown.length === 0 ? [] : undefined);
  const series = [
    ...shown.map((name) => seriesOf(name, span, byName.get(name) ?? [])),
    ...(rest ? [seriesOf(null, span, rest)] : []),
  ];
  return {
    by: span.by,
    interval: span.interval,
    since: isoTime(span.since * dayMs),
    until: isoTime(span.until * dayMs),
    total: sumOf(parts),
    series,
  };
}

function partsOf({ by }: UsageSpan, { day, names }: UsageOfDay): Part[] {
  const begin = day * dayMs;
  return Object.entries(names).map(([name, figures]) => {
    if (by === "day") return { name: null, at: begin, figures };
    if (by === "hour") return { name: null, at: begin + Number(name) * hourMs, figures };
    return { name: name === "" ? null : name, at: begin, figures };
  });
}

function mostUsed(parts: readonly Part[]): string[] {
  const counts = new Map<string, number>();
  for (const { name, figures } of parts)
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + figures.count);
  return [...counts]
    .sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1))
    .slice(0, maxShown)
    .map(([name]) => name);
}

function seriesOf(name: string | null, { since, until, interval }: UsageSpan, parts: readonly Part[]) {
  const length = interval === "hour" ? hourMs : dayMs;
  const byTime = Map.groupBy(parts, ({ at }) => at);
  const points = Array.from({ length: ((until - since) * dayMs) / length }, (_, index) => {
    const at = since * dayMs + index * length;
    return { at: isoTime(at), ...sumOf(byTime.get(at) ?? []) };
  });
  return { name, label: null, total: sumOf(parts), points };
}
