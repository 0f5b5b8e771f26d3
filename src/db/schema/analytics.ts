import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { MetricDimension, MetricName } from "#src/kernel/analytics-words.ts";
import { clients } from "./clients.ts";

/** A step of a way: something that counts, and what it is told by. */
interface FunnelStepRow {
  event: MetricName;
  where?: Partial<Record<MetricDimension, string>>;
}

/**
 * Events that were counted, for seven days: while one is here it counts no more. `batch` is the delivery that has brought
 * it, `told_by` what it is told by, `person` somebody who has agreed to that.
 */
export const countedEvents = sqliteTable(
  "counted_events",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    batch: text("batch").notNull(),
    clientId: text("client_id").notNull(),
    at: integer("at").notNull(),
    metric: text("metric").notNull(),
    toldBy: text("told_by", { mode: "json" }).$type<Record<string, string>>().notNull(),
    value: integer("value").notNull(),
    person: text("person"),
  },
  (table) => [
    index("counted_events_at").on(table.at),
    index("counted_events_of_client").on(table.clientId, table.number).where(sql`person IS NOT NULL`),
    index("counted_events_person").on(table.clientId, table.person).where(sql`person IS NOT NULL`),
  ],
);

const figures = {
  clientId: text("client_id").notNull(),
  metric: text("metric").notNull(),
  /** What it is told by; empty for the whole. */
  dimension: text("dimension").notNull(),
  /** Of what that is; empty for the whole. */
  name: text("name").notNull(),
  n: integer("n").notNull(),
  sum: integer("sum").notNull(),
};

/** What a tenant's events come to, by the hour (UTC, since 1970-01-01); the tenant with no name is all of them. */
export const rollupHours = sqliteTable(
  "rollup_hours",
  { ...figures, hour: integer("hour").notNull() },
  (table) => [
    primaryKey({ columns: [table.clientId, table.metric, table.dimension, table.hour, table.name] }),
    index("rollup_hours_older").on(table.hour),
  ],
);

/** The same by the day; days of long ago are put together as the first of their month. */
export const rollupDays = sqliteTable(
  "rollup_days",
  { ...figures, day: integer("day").notNull() },
  (table) => [
    primaryKey({ columns: [table.clientId, table.metric, table.dimension, table.day, table.name] }),
    index("rollup_days_older").on(table.day),
  ],
);

export const activePeriods = ["day", "week", "month"] as const;

/** Who has been active in a day, week or month, of those who have agreed to that. `start` is its first day. */
export const activePersons = sqliteTable(
  "active_persons",
  {
    number: integer("number").primaryKey({ autoIncrement: true }),
    clientId: text("client_id").notNull(),
    person: text("person").notNull(),
    period: text("period", { enum: activePeriods }).notNull(),
    start: integer("start").notNull(),
    batch: text("batch").notNull(),
  },
  (table) => [
    index("active_persons_start").on(table.start),
    // Also what a person's rows are removed by.
    uniqueIndex("active_persons_of_person").on(table.clientId, table.person, table.period, table.start),
  ],
);

/** In which week, and which month, somebody was active first. */
export const cohortMembers = sqliteTable(
  "cohort_members",
  {
    clientId: text("client_id").notNull(),
    person: text("person").notNull(),
    period: text("period", { enum: ["week", "month"] }).notNull(),
    first: integer("first").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.person, table.period] }),
    index("cohort_members_first").on(table.first),
  ],
);

/** How many of those who were active first in a week, or month, were so again so many later. */
export const cohorts = sqliteTable(
  "cohorts",
  {
    clientId: text("client_id").notNull(),
    period: text("period", { enum: ["week", "month"] }).notNull(),
    first: integer("first").notNull(),
    later: integer("later").notNull(),
    persons: integer("persons").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.period, table.first, table.later] }),
    index("cohorts_first").on(table.first),
  ],
);

/** Who has agreed that their activity is counted under their id. */
export const analyticsConsents = sqliteTable(
  "analytics_consents",
  { clientId: text("client_id").notNull(), person: text("person").notNull() },
  (table) => [primaryKey({ columns: [table.clientId, table.person] })],
);

/** How many distinct persons were active on a day, without who: what `src/analytics/sketch.ts` makes. */
export const personSketches = sqliteTable(
  "person_sketches",
  { clientId: text("client_id").notNull(), day: integer("day").notNull(), sketch: text("sketch").notNull() },
  (table) => [
    primaryKey({ columns: [table.clientId, table.day] }),
    index("person_sketches_day").on(table.day),
  ],
);

/** How far jobs have read on, by what they make: the number of the last row that is in it. */
export const analyticsMarks = sqliteTable("analytics_marks", {
  name: text("name").primaryKey(),
  number: integer("number").notNull(),
});

/** Ways that people take, step by step. */
export const funnels = sqliteTable(
  "funnels",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id")
      .notNull()
      .references(() => clients.id),
    name: text("name").notNull(),
    steps: text("steps", { mode: "json" }).$type<FunnelStepRow[]>().notNull(),
    windowDays: integer("window_days").notNull(),
    /** Under which it is counted: another one since its steps were changed. */
    key: text("key").notNull(),
    /** The number of the last event that it has counted. */
    counted: integer("counted").notNull(),
    createdBy: text("created_by").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    index("funnels_listed").on(table.clientId, table.createdAt, table.id),
    index("funnels_counted").on(table.counted),
  ],
);

/** How far somebody has come on a way: steps taken, when the first and when the last. */
export const funnelProgress = sqliteTable(
  "funnel_progress",
  {
    clientId: text("client_id").notNull(),
    person: text("person").notNull(),
    /** Under which the way is counted. */
    funnel: text("funnel").notNull(),
    step: integer("step").notNull(),
    since: integer("since").notNull(),
    at: integer("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.person, table.funnel] }),
    index("funnel_progress_since").on(table.since),
  ],
);
