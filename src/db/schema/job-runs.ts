import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const jobOutcomes = ["completed", "failed"] as const;

/** Each cron job: who runs it now, and how it went the last time. */
export const jobRuns = sqliteTable("job_runs", {
  job: text("job").primaryKey(),
  /** Until when somebody is believed to be at it; nobody when past. */
  leaseUntil: integer("lease_until").notNull(),
  /** Whose lease it is or was: what comes of a run counts only while it is still that one's. */
  holder: text("holder").notNull(),
  startedAt: integer("started_at").notNull(),
  /** When it was last over; null before the first time, and older than `startedAt` while it runs or has died. */
  finishedAt: integer("finished_at"),
  outcome: text("outcome", { enum: jobOutcomes }),
  error: text("error"),
  durationMs: integer("duration_ms"),
  /** What it has done then: rows, tenants, messages. */
  count: integer("count"),
  runs: integer("runs").notNull(),
  failures: integer("failures").notNull(),
});
