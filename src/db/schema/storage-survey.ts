import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How much lies in R2, as a job finds that goes through all of it (src/analytics/storage). One row. */
export const storageSurvey = sqliteTable("storage_survey", {
  only: integer("only").primaryKey(),
  /** The last object that the pass which goes on has seen; null while none does. */
  lastKey: text("last_key"),
  /** What it has come to by then. */
  seenBytes: integer("seen_bytes").notNull(),
  /** What the last whole pass has found; null before there was one. */
  bytes: integer("bytes"),
  /** When that one ended. */
  measuredAt: integer("measured_at"),
});
