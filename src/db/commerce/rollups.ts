import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { orderSources, orderStatuses } from "#src/kernel/commerce-words.ts";

/**
 * What was ordered on a day. An order counts on the day it was made; cancelled, only as that. Refunds count on their own
 * day.
 */
export const orderDays = sqliteTable(
  "order_days",
  {
    clientId: text("client_id").notNull(),
    day: text("day").notNull(),
    currency: text("currency").notNull(),
    locationId: text("location_id").notNull(),
    source: text("source", { enum: orderSources }).notNull(),
    orders: integer("orders").notNull(),
    cancelled: integer("cancelled").notNull(),
    items: integer("items").notNull(),
    gross: integer("gross").notNull(),
    refunds: integer("refunds").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.clientId, table.day, table.currency, table.locationId, table.source] }),
  ],
);

/** What was ordered of a product on a day, by orders that were not cancelled. */
export const productDays = sqliteTable(
  "product_days",
  {
    clientId: text("client_id").notNull(),
    day: text("day").notNull(),
    currency: text("currency").notNull(),
    productId: text("product_id").notNull(),
    quantity: integer("quantity").notNull(),
    revenue: integer("revenue").notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day, table.currency, table.productId] })],
);

/** Whoever ordered on a day: for the first time, or again. */
export const customerDays = sqliteTable(
  "customer_days",
  {
    clientId: text("client_id").notNull(),
    day: text("day").notNull(),
    fresh: integer("fresh").notNull(),
    again: integer("again").notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.day] })],
);

/** How many orders a tenant has in each state. */
export const orderStatusCounts = sqliteTable(
  "order_status_counts",
  {
    clientId: text("client_id").notNull(),
    status: text("status", { enum: orderStatuses }).notNull(),
    orders: integer("orders").notNull(),
  },
  (table) => [primaryKey({ columns: [table.clientId, table.status] })],
);
