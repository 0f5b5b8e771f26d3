import type { Database } from "#src/db/client.ts";
import {
  accountsByTier,
  dayFigures,
  hourFigures,
  sketchesOf,
  sumsByName,
  type Whose,
} from "../figures/rollup-repository.ts";
import type { Span } from "../figures/span.ts";
import { everyTenant } from "../metrics.ts";
import { monthStart, monthsFrom, weekOf } from "../periods.ts";

const counted = ["accounts.made", "conversations.started", "messages.sent"] as const;
const parts = ["conversations.started", "messages.sent"] as const;
const persons = ["persons.day", "persons.week", "persons.month"] as const;

/** Names of a dimension that are told, and personas. */
const maxNames = 100;
const maxPersonas = 10;

/** All that the figures of people are made of, in one batch: a row for each day, metric and name. */
export async function userFigures(db: Database, whose: Whose, span: Span) {
  const { clientId } = whose;
  const days = { since: span.since, until: span.until };
  const last = span.until - 1;
  const whole = { ...whose, dimension: "", name: "" };
  // Weeks and months stand under their first day.
  const around = { since: Math.min(weekOf(span.since), monthsFrom(last, -1)), until: span.until };
  const byDay = dayFigures(db, whose, counted, days);
  const byHour = hourFigures(db, whose, counted, {
    since: span.since * 24 - 14,
    until: span.until * 24 + 14,
  });
  const names = (dimension: string, limit = maxNames, metrics: readonly (typeof parts)[number][] = parts) =>
    sumsByName(db, clientId, metrics, dimension, days, 2 * limit);
  const [
    rows,
    accounts,
    active,
    kept,
    sketches,
    scores,
    opinions,
    kinds,
    tiers,
    countries,
    languages,
    personas,
  ] = await db.batch([
    span.isByHour ? byHour : byDay,
    accountsByTier(db, clientId),
    dayFigures(db, whole, persons, around),
    dayFigures(db, { ...whole, dimension: "kept" }, ["persons.month"], {
      since: monthStart(last),
      until: monthStart(last) + 1,
    }),
    sketchesOf(db, clientId, days),
    sumsByName(db, clientId, ["satisfaction.given"], "score", days, 5),
    sumsByName(db, clientId, ["feedback.given"], "opinion", days, 2),
    names("kind", 2, ["conversations.started"]),
    names("tier"),
    names("country"),
    names("language"),
    names("persona", maxPersonas, ["messages.sent"]),
  ]);
  return {
    rows,
    accounts,
    active,
    kept: kept[0]?.n ?? 0,
    sketches: sketches.map(({ sketch }) => sketch),
    ...{ scores, opinions, kinds, tiers, countries, languages },
    personas: clientId === everyTenant ? [] : personas.slice(0, maxPersonas),
  };
}
export type UserFigures = Awaited<ReturnType<typeof userFigures>>;
