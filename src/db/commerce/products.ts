import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { productStatuses } from "#src/kernel/commerce-words.ts";

export const products = sqliteTable(
  "products",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    sku: text("sku").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull(),
    category: text("category"),
    imageUrl: text("image_url"),
    /** In the currency's minor units. */
    price: integer("price").notNull(),
    currency: text("currency").notNull(),
    attributes: text("attributes", { mode: "json" }).$type<Record<string, unknown>>().notNull(),
    status: text("status", { enum: productStatuses }).notNull(),
    version: integer("version").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("products_sku").on(table.clientId, sql`lower(sku)`),
    index("products_list").on(table.clientId, table.createdAt, table.id),
    index("products_status").on(table.clientId, table.status, table.createdAt, table.id),
    index("products_category").on(table.clientId, table.category, table.createdAt, table.id),
  ],
);
