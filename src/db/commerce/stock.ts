import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { movementReasons } from "#src/kernel/commerce-words.ts";

export const locations = sqliteTable(
  "locations",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    name: text("name").notNull(),
    isDefault: integer("is_default", { mode: "boolean" }).notNull(),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Gone for everybody but the orders that were made there. */
    deletedAt: integer("deleted_at"),
  },
  (table) => [
    uniqueIndex("locations_name").on(table.clientId, sql`lower(name)`).where(sql`deleted_at IS NULL`),
    uniqueIndex("locations_default").on(table.clientId).where(sql`is_default = 1`),
    index("locations_list").on(table.clientId, table.createdAt, table.id),
  ],
);

/** What lies where. The check is what nothing gets past: more is never reserved than there is. */
export const stock = sqliteTable(
  "stock",
  {
    productId: text("product_id").notNull(),
    locationId: text("location_id").notNull(),
    clientId: text("client_id").notNull(),
    onHand: integer("on_hand").notNull(),
    reserved: integer("reserved").notNull(),
    lowStockAt: integer("low_stock_at"),
  },
  (table) => [
    primaryKey({ columns: [table.productId, table.locationId] }),
    check("stock_is_enough", sql`reserved >= 0 AND reserved <= on_hand`),
    index("stock_location").on(table.locationId, table.productId),
    index("stock_low").on(table.clientId, table.productId).where(sql`on_hand - reserved <= low_stock_at`),
  ],
);

/** Whatever has changed what is on hand. Rows are only added. */
export const stockMovements = sqliteTable(
  "stock_movements",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    productId: text("product_id").notNull(),
    locationId: text("location_id").notNull(),
    change: integer("change").notNull(),
    reason: text("reason", { enum: movementReasons }).notNull(),
    reference: text("reference"),
    actorId: text("actor_id"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("stock_movements_product").on(table.productId, table.createdAt, table.id)],
);
