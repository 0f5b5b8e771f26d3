import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

export const customers = sqliteTable(
  "customers",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    name: text("name").notNull(),
    email: text("email"),
    phone: text("phone"),
    externalId: text("external_id"),
    userId: text("user_id"),
    address: text("address", { mode: "json" }).$type<Record<string, string>>(),
    tags: text("tags", { mode: "json" }).$type<string[]>().notNull(),
    notes: text("notes").notNull(),
    /** Of orders that were not cancelled; so is what they were worth (`customer_totals`). */
    ordersCount: integer("orders_count").notNull().default(0),
    lastOrderAt: integer("last_order_at"),
    /** The day of their latest order, where the tenant is. */
    lastOrderDay: text("last_order_day"),
    isActive: integer("is_active", { mode: "boolean" }).notNull(),
    version: integer("version").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** Since when there is no personal data any more; the row stays for its orders. */
    deletedAt: integer("deleted_at"),
  },
  (table) => [
    uniqueIndex("customers_email").on(table.clientId, sql`lower(email)`).where(sql`email IS NOT NULL`),
    uniqueIndex("customers_external")
      .on(table.clientId, table.externalId)
      .where(sql`external_id IS NOT NULL`),
    index("customers_list").on(table.clientId, table.createdAt, table.id),
  ],
);

/** What a customer's orders were worth that were not cancelled, by their currency. */
export const customerTotals = sqliteTable(
  "customer_totals",
  {
    customerId: text("customer_id").notNull(),
    currency: text("currency").notNull(),
    clientId: text("client_id").notNull(),
    orders: integer("orders").notNull(),
    value: integer("value").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.customerId, table.currency] }),
    index("customer_totals_value").on(table.clientId, table.currency, table.value),
  ],
);
