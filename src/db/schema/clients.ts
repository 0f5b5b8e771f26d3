import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { jurisdictions, locationHints } from "#src/kernel/placement.ts";

/** Tenants. `settings` is JSON; `settings.registration` is `open`, `invite` or `closed`. */
export const clients = sqliteTable(
  "clients",
  {
    id: text("id").primaryKey(),
    displayName: text("display_name").notNull(),
    settings: text("settings", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    /** Where its objects are, since before there was one; nothing changes it. */
    jurisdiction: text("jurisdiction", { enum: jurisdictions }),
    locationHint: text("location_hint", { enum: locationHints }),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    /** Epoch milliseconds, as all times in storage. */
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Over how many objects its sockets are spread, the most there were lately, and since when (src/objects/hub-spread.ts). */
    hubShards: integer("hub_shards").notNull().default(1),
    hubShardsBefore: integer("hub_shards_before").notNull().default(1),
    hubShardsAt: integer("hub_shards_at").notNull().default(0),
    /** True until the tenant's objects have been told the latest `isActive` and `hubShards`; the sweep repeats it. */
    gatePending: integer("gate_pending", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [
    index("clients_listed").on(table.createdAt, table.id),
    index("clients_active").on(table.isActive, table.createdAt, table.id),
    index("clients_gate_pending").on(table.id).where(sql`gate_pending = 1`),
  ],
);
