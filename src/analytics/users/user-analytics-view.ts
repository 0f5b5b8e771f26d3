import { type Tier, tiers } from "#src/kernel/actor.ts";
import { dayMs, isoTime } from "#src/kernel/clock.ts";
import { personsOf, seriesOf, totalsOf } from "../figures/series.ts";
import { type Span, toldPeriod } from "../figures/span.ts";
import { monthStart, monthsFrom, weekOf } from "../periods.ts";
import { estimate, mergedSketch } from "../sketch.ts";
import type { UserAnalytics } from "./schemas.ts";
import type { UserFigures } from "./user-figures.ts";

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

interface Told {
  names: ReadonlyMap<string, string>;
  now: number;
  lag: number | null;
}

/** Figures of people as their readers see them. */
export function userAnalyticsView(span: Span, figures: UserFigures, told: Told): UserAnalytics {
  const points = seriesOf(span, figures.rows);
  const total = totalsOf(points);
  const activeAt = (period: "day" | "week" | "month", day: number) =>
    figures.active.find(({ metric, at }) => metric === `persons.${period}` && at === day * dayMs)?.n ?? 0;
  const last = span.until - 1;
  const active = {
    day: activeAt("day", last),
    week: activeAt("week", weekOf(last)),
    month: activeAt("month", monthStart(last)),
  };
  const started = total("conversations.started").n;
  const sent = total("messages.sent").n;
  const opinion = (name: string) => figures.opinions.find((row) => row.name === name)?.n ?? 0;
  const scored = {
    n: sumOf(figures.scores.map(({ n }) => n)),
    sum: sumOf(figures.scores.map(({ sum }) => sum)),
  };
  const persons = personsOf(span.granularity);
  return {
    period: toldPeriod(span),
    totals: {
      total_users: sumOf(figures.accounts.map(({ count }) => count)),
      new_users: total("accounts.made").n,
      returning_users: figures.kept,
      churned_users: Math.max(0, activeAt("month", monthsFrom(last, -1)) - figures.kept),
      visitors: figures.kinds.find(({ name }) => name === "visitor")?.n ?? 0,
      active: { ...active, ...activeWithin(span, active, activeAt, figures.sketches) },
      stickiness: share(active.day, active.month),
      conversations_started: started,
      messages_sent: sent,
      messages_per_conversation: share(sent, started),
      satisfaction: {
        average: scored.n === 0 ? null : scored.sum / scored.n,
        count: scored.n,
        distribution: Object.fromEntries(
          ["1", "2", "3", "4", "5"].map((score) => [
            score,
            figures.scores.find(({ name }) => name === score)?.n ?? 0,
          ]),
        ),
      },
      feedback: { up: opinion("up"), down: opinion("down") },
    },
    series: points.map(({ at, of }) => ({
      at: isoTime(at),
      new_users: of("accounts.made").n,
      active_users:
        persons === undefined || span.zone !== "UTC"
          ? null
          : (figures.active.find(({ metric, at: start }) => metric === persons && start === at)?.n ?? 0),
      conversations_started: of("conversations.started").n,
      messages_sent: of("messages.sent").n,
    })),
    by_tier: tiers.map((tier) => ({ ...tierPart(tier, figures), ...partOf(figures.tiers, tier) })),
    by_country: partsOf(figures.countries),
    by_language: partsOf(figures.languages),
    top_personas: figures.personas.map(({ name: id, n }) => ({
      instance_id: id,
      name: told.names.get(id) ?? null,
      messages_sent: n,
    })),
    as_of: isoTime(told.now),
    lag_seconds: told.lag,
  };
}

const tierPart = (tier: Tier, { accounts }: UserFigures) => ({
  name: tier,
  users: accounts.find((row) => row.tier === tier)?.count ?? 0,
});

type Rows = UserFigures["tiers"];

const partOf = (rows: Rows, name: string) => {
  const of = (metric: string) => rows.find((row) => row.metric === metric && row.name === name)?.n ?? 0;
  return { conversations_started: of("conversations.started"), messages_sent: of("messages.sent") };
};

const partsOf = (rows: Rows) =>
  [...new Set(rows.map(({ name }) => name))].map((name) => ({ name, ...partOf(rows, name) }));

/** Distinct persons on any day of a span: exact of a day, a week or a month, else by what their sketches come to. */
function activeWithin(
  { since, until }: Span,
  active: Record<"day" | "week" | "month", number>,
  activeAt: (period: "week" | "month", day: number) => number,
  sketches: readonly string[],
): { period: number; method: "exact" | "sketch" } {
  if (until - since === 1) return { period: active.day, method: "exact" };
  if (until - since === 7 && weekOf(since) === since)
    return { period: activeAt("week", since), method: "exact" };
  if (monthStart(since) === since && monthsFrom(since, 1) === until)
    return { period: activeAt("month", since), method: "exact" };
  // Of a day that goes on the sketch may be a minute behind what is counted exactly.
  const estimated = sketches.length === 0 ? 0 : estimate(mergedSketch(sketches));
  return { period: Math.max(estimated, active.day), method: "sketch" };
}
