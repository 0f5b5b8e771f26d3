import { offsetOf } from "#src/kernel/time-zone.ts";
import { dayText, type Period } from "./plan-period.ts";
import type { OffsetSpan } from "./source-statements.ts";

const dayMs = 86_400_000;

/** When a day begins in a zone: where clocks are moved in its first hours, an hour off at most. */
const beginOf = (zone: string, day: string): number => {
  const local = Date.parse(day);
  // The zone is as far ahead as it is then: at most a change of clocks lies between, so the second guess is right.
  const guess = local - offsetOf(zone, local);
  return local - offsetOf(zone, guess);
};

/** The first moment behind one at which a zone is not as far ahead any more, to the minute; both lie a day apart. */
function changeBetween(zone: string, from: number, to: number): number {
  const before = offsetOf(zone, from);
  let [early, late] = [from, to];
  while (late - early > 60_000) {
    const middle = early + Math.floor((late - early) / 120_000) * 60_000;
    if (middle === early) break;
    if (offsetOf(zone, middle) === before) early = middle;
    else late = middle;
  }
  return late;
}

/** Days of a zone as moments, [since, until), and how far it is ahead of UTC meanwhile. */
export function momentsOf(
  zone: string,
  { from, to }: Period,
): {
  since: number;
  until: number;
  offsets: OffsetSpan[];
} {
  const since = beginOf(zone, from);
  const until = beginOf(zone, dayText(Date.parse(to) + dayMs));
  const offsets: OffsetSpan[] = [];
  for (let at = since; at < until; at += dayMs) {
    const next = Math.min(at + dayMs, until);
    if (offsetOf(zone, at) === offsetOf(zone, next)) continue;
    offsets.push({ until: changeBetween(zone, at, next), offsetMs: offsetOf(zone, at) });
  }
  return { since, until, offsets: [...offsets, { until: null, offsetMs: offsetOf(zone, until) }] };
}
