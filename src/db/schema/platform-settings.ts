import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What the operator has configured while the platform runs, a row for each key that was ever set (src/configuration). */
export const platformSettings = sqliteTable("platform_settings", {
  key: text("key").primaryKey(),
  value: text("value", { mode: "json" }).$type<unknown>().notNull(),
  /** Of the whole configuration: each change gives all that it sets the next one. */
  version: integer("version").notNull(),
  updatedAt: integer("updated_at").notNull(),
  updatedBy: text("updated_by").notNull(),
  /** True until those who keep a copy elsewhere have been told; the sweep repeats it. */
  pending: integer("pending", { mode: "boolean" }).notNull().default(false),
});
