import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { UsageFigures } from "#src/engine/usage-figures.ts";

/** What executions of all tenants that ended on a UTC day have used (src/objects/usage-day.ts): a row a day. */
export const usageDays = sqliteTable("usage_days", {
  /** Days since 1970-01-01. */
  day: integer("day").primaryKey(),
  usage: text("usage", { mode: "json" }).$type<Readonly<Record<string, UsageFigures>>>().notNull(),
});
