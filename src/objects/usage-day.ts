import { z } from "zod";
import { readKind } from "#src/engine/attempt-usage.ts";
import { noFigures, plusFigures, type UsageFigures, usageFiguresSchema } from "#src/engine/usage-figures.ts";
import { dayMs, dayOf } from "#src/kernel/clock.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import type { RunCopy } from "./platform-message.ts";

/** What usage is told by. Executions count for an hour and a persona, attempts of tasks for the others. */
export const usageDimensions = ["hour", "persona", "step", "model", "agent"] as const;
export type UsageDimension = (typeof usageDimensions)[number];

/**
 * The usage of a UTC day: figures by what they are of, which is a dimension and a name, `step:outline`. What a day has no
 * name for any more counts under the empty one.
 */
export const usageDaySchema = z.record(z.string(), usageFiguresSchema);
export type UsageDay = Readonly<z.infer<typeof usageDaySchema>>;
export type UsageEntry = readonly [key: string, figures: UsageFigures];

/** Names of a dimension that a day tells apart: a row has to hold them, whatever they are made of. */
export const maxNames = 100;

const hourMs = 3_600_000;

export const usageKey = (dimension: UsageDimension, name: string): string => `${dimension}:${name}`;

/** What a run counts for on the day on which it has ended; nothing for one that does not tell what it has used. */
export function usageEntriesOf(copy: RunCopy, persona: string | null): UsageEntry[] {
  const { status, created_at, completed_at, used } = copy;
  if (completed_at === null || !used) return [];
  const figures = {
    count: 1,
    completed: Number(status === "completed"),
    failed: Number(status === "failed"),
    fuel: copy.fuel_spent,
    tokens_in: copy.tokens_in,
    tokens_out: copy.tokens_out,
    cost_micros: copy.cost_micros,
    duration_ms: completed_at - created_at,
  };
  const hour = Math.floor((completed_at - dayOf(completed_at) * dayMs) / hourMs);
  const entries: UsageEntry[] = [[usageKey("hour", String(hour)), figures]];
  if (persona !== null) entries.push([usageKey("persona", persona), figures]);
  for (const [kind, ofAttempts] of Object.entries(used)) {
    const { step, agentType, model } = readKind(kind);
    entries.push([usageKey("agent", agentType), ofAttempts]);
    if (step !== null) entries.push([usageKey("step", step), ofAttempts]);
    if (model !== null) entries.push([usageKey("model", model), ofAttempts]);
  }
  return entries;
}

const dimensionOf = (key: string): string => `${key.split(":", 1)[0]}:`;

/** A day with more in it. */
export function plusEntries(day: UsageDay, entries: readonly UsageEntry[]): UsageDay {
  const sum: Record<string, UsageFigures> = { ...day };
  const names = new Map<string, number>();
  for (const key of Object.keys(sum))
    if (key !== dimensionOf(key)) names.set(dimensionOf(key), (names.get(dimensionOf(key)) ?? 0) + 1);
  for (const [key, figures] of entries) {
    const dimension = dimensionOf(key);
    const known = names.get(dimension) ?? 0;
    const at = sum[key] || known < maxNames ? key : dimension;
    if (!sum[at] && at !== dimension) names.set(dimension, known + 1);
    sum[at] = plusFigures(sum[at] ?? noFigures, figures);
  }
  return sum;
}

/** What has been used in a day (since 1970-01-01), by the names of a dimension. */
export interface UsageOfDay {
  day: number;
  names: Readonly<Record<string, UsageFigures>>;
}

/** What a day says by one dimension. */
export function byName(day: UsageDay, dimension: UsageDimension): UsageOfDay["names"] {
  const prefix = usageKey(dimension, "");
  return Object.fromEntries(
    Object.entries(day).flatMap(([key, figures]) =>
      key.startsWith(prefix) ? [[withoutPrefix(key, prefix), figures]] : [],
    ),
  );
}

/** Days of several objects together, in order. */
export function sumOfDays(days: readonly UsageOfDay[]): UsageOfDay[] {
  const sums = Map.groupBy(days, ({ day }) => day);
  return [...sums]
    .sort(([a], [b]) => a - b)
    .map(([day, parts]) => {
      const names: Record<string, UsageFigures> = Object.create(null);
      for (const [name, figures] of parts.flatMap((part) => Object.entries(part.names)))
        names[name] = plusFigures(names[name] ?? noFigures, figures);
      return { day, names };
    });
}
