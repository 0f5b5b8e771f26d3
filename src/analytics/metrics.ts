import type { MetricName } from "#src/kernel/analytics-words.ts";

/** Figures that are lengths of time: of them it is also counted how many were how long. */
export const durations: readonly MetricName[] = [
  "turns.first_delta",
  "answers.first_of_persona",
  "answers.first_of_person",
  "conversations.time_to_take",
  "conversations.time_to_end",
];

export const isDuration = (metric: MetricName): boolean => durations.includes(metric);

/**
 * Figures that no event tells: accounts that were made, which the database counts as they are, distinct persons of a
 * period, and events that came too late.
 */
export const derivedMetrics = [
  "accounts.made",
  "persons.day",
  "persons.week",
  "persons.month",
  "late_events",
] as const;
export type DerivedMetric = (typeof derivedMetrics)[number];

/** All that the rollups know. */
export type RollupMetric = MetricName | DerivedMetric | `funnel:${string}`;

/** Under which the rollups have what all tenants come to together. */
export const everyTenant = "";

/** The dimension of the whole, of the lengths of time, and of persons who came back. */
export const wholeDimension = "";
export const lengthDimension = "length";
export const keptDimension = "kept";
