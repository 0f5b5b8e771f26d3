import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { orderSources, orderStatuses, paymentKinds, paymentStatuses } from "#src/kernel/commerce-words.ts";

/** Amounts are in the minor units of the order's currency. */
export const orders = sqliteTable(
  "orders",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    /** Counts up within the tenant, without gaps. */
    number: integer("number").notNull(),
    status: text("status", { enum: orderStatuses }).notNull(),
    paymentStatus: text("payment_status", { enum: paymentStatuses }).notNull(),
    customerId: text("customer_id").notNull(),
    locationId: text("location_id").notNull(),
    currency: text("currency").notNull(),
    subtotal: integer("subtotal").notNull(),
    discount: integer("discount").notNull(),
    tax: integer("tax").notNull(),
    shipping: integer("shipping").notNull(),
    total: integer("total").notNull(),
    /** How many things it is of. */
    units: integer("units").notNull(),
    paid: integer("paid").notNull(),
    refunded: integer("refunded").notNull(),
    notes: text("notes").notNull(),
    shippingAddress: text("shipping_address", { mode: "json" }).$type<Record<string, string>>(),
    source: text("source", { enum: orderSources }).notNull(),
    createdBy: text("created_by"),
    runId: text("run_id"),
    instanceId: text("instance_id"),
    /** Until when what it is of is held for it while it is pending; null for as long as that takes. */
    reservedUntil: integer("reserved_until"),
    cancelReason: text("cancel_reason"),
    /** The day it counts for, where the tenant is (`2026-11-28`). */
    day: text("day").notNull(),
    version: integer("version").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    confirmedAt: integer("confirmed_at"),
    fulfilledAt: integer("fulfilled_at"),
    completedAt: integer("completed_at"),
    cancelledAt: integer("cancelled_at"),
    returnedAt: integer("returned_at"),
  },
  (table) => [
    uniqueIndex("orders_number").on(table.clientId, table.number),
    index("orders_list").on(table.clientId, table.createdAt, table.id),
    index("orders_total").on(table.clientId, table.total, table.id),
    index("orders_status").on(table.clientId, table.status, table.createdAt, table.id),
    index("orders_payment_status").on(table.clientId, table.paymentStatus, table.createdAt, table.id),
    index("orders_customer").on(table.customerId, table.createdAt, table.id),
    index("orders_location").on(table.locationId, table.createdAt, table.id),
    index("orders_instance")
      .on(table.instanceId, table.createdAt, table.id)
      .where(sql`instance_id IS NOT NULL`),
    index("orders_reserved")
      .on(table.reservedUntil)
      .where(sql`status = 'pending' AND reserved_until IS NOT NULL`),
    check("orders_refunds", sql`refunded >= 0 AND refunded <= paid`),
  ],
);

export const orderItems = sqliteTable(
  "order_items",
  {
    orderId: text("order_id").notNull(),
    line: integer("line").notNull(),
    productId: text("product_id").notNull(),
    sku: text("sku").notNull(),
    name: text("name").notNull(),
    quantity: integer("quantity").notNull(),
    unitPrice: integer("unit_price").notNull(),
    total: integer("total").notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.line] })],
);

/** The ledger of an order: what has been paid and given back. Rows are only added. */
export const orderPayments = sqliteTable(
  "order_payments",
  {
    id: text("id").primaryKey(),
    clientId: text("client_id").notNull(),
    orderId: text("order_id").notNull(),
    kind: text("kind", { enum: paymentKinds }).notNull(),
    amount: integer("amount").notNull(),
    currency: text("currency").notNull(),
    method: text("method").notNull(),
    reference: text("reference"),
    actorId: text("actor_id"),
    /** The day it counts for, where the tenant is. */
    day: text("day").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("order_payments_order").on(table.orderId, table.createdAt, table.id)],
);

/** The last number that a tenant has given to an order. */
export const orderNumbers = sqliteTable("order_numbers", {
  clientId: text("client_id").primaryKey(),
  last: integer("last").notNull(),
});
