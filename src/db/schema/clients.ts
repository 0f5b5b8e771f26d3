import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Tenants. `settings` is JSON; `settings.registration` is `open`, `invite` or `closed`. */
export const clients = sqliteTable("clients", {
  id: text("id").primaryKey(),
  displayName: text("display_name").notNull(),
  settings: text("settings", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
  isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
  /** Epoch milliseconds, as all times in storage. */
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});
