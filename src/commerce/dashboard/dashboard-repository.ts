import { and, asc, between, desc, eq, gt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import {
  customerDays,
  customers,
  customerTotals,
  orderDays,
  orderStatusCounts,
  productDays,
  products,
  stock,
} from "#src/db/commerce/index.ts";
import type { Period } from "./period.ts";

/** The entries of each list. */
const listed = 10;

const within = ({ from, to }: Period) => between(orderDays.day, from, to);

/** In which currencies something was ordered, the commonest first. */
export const currenciesOf = (db: Database, clientId: string, period: Period) =>
  db
    .select({ currency: orderDays.currency })
    .from(orderDays)
    .where(and(eq(orderDays.clientId, clientId), within(period)))
    .groupBy(orderDays.currency)
    .orderBy(desc(sql`sum(${orderDays.orders})`), asc(orderDays.currency));

/** What happened on each day. */
export const orderFigures = (
  db: Database,
  clientId: string,
  period: Period,
  { currency, locationId }: { currency: string; locationId: string | undefined },
) =>
  db
    .select({
      day: orderDays.day,
      orders: sql<number>`sum(${orderDays.orders})`,
      cancelled: sql<number>`sum(${orderDays.cancelled})`,
      items: sql<number>`sum(${orderDays.items})`,
      gross: sql<number>`sum(${orderDays.gross})`,
      refunds: sql<number>`sum(${orderDays.refunds})`,
    })
    .from(orderDays)
    .where(
      and(
        eq(orderDays.clientId, clientId),
        within(period),
        eq(orderDays.currency, currency),
        locationId === undefined ? undefined : eq(orderDays.locationId, locationId),
      ),
    )
    .groupBy(orderDays.day);

/** Who ordered on each day. */
export const customerFigures = (db: Database, clientId: string, { from, to }: Period) =>
  db
    .select({ day: customerDays.day, fresh: customerDays.fresh, again: customerDays.again })
    .from(customerDays)
    .where(and(eq(customerDays.clientId, clientId), between(customerDays.day, from, to)));

/** What was sold for most. */
export const topProducts = (db: Database, clientId: string, { from, to }: Period, currency: string) =>
  db
    .select({
      product_id: products.id,
      sku: products.sku,
      name: products.name,
      quantity: sql<number>`sum(${productDays.quantity})`,
      revenue: sql<number>`sum(${productDays.revenue})`,
    })
    .from(productDays)
    .innerJoin(products, eq(products.id, productDays.productId))
    .where(
      and(
        eq(productDays.clientId, clientId),
        between(productDays.day, from, to),
        eq(productDays.currency, currency),
      ),
    )
    .groupBy(productDays.productId)
    .having(sql`sum(${productDays.quantity}) > 0`)
    .orderBy(desc(sql`sum(${productDays.revenue})`), asc(products.id))
    .limit(listed);

/** Whose orders come to most. */
export const topCustomers = (db: Database, clientId: string, currency: string) =>
  db
    .select({
      customer_id: customers.id,
      name: customers.name,
      orders: customerTotals.orders,
      value: customerTotals.value,
    })
    .from(customerTotals)
    .innerJoin(customers, eq(customers.id, customerTotals.customerId))
    .where(
      and(
        eq(customerTotals.clientId, clientId),
        eq(customerTotals.currency, currency),
        gt(customerTotals.orders, 0),
      ),
    )
    .orderBy(desc(customerTotals.value))
    .limit(listed);

/** How all orders stand. */
export const ordersByStatus = (db: Database, clientId: string) =>
  db
    .select({ status: orderStatusCounts.status, orders: orderStatusCounts.orders })
    .from(orderStatusCounts)
    .where(and(eq(orderStatusCounts.clientId, clientId), gt(orderStatusCounts.orders, 0)))
    .orderBy(asc(orderStatusCounts.status));

/** What there is little of. */
export const lowStock = (db: Database, clientId: string) =>
  db
    .select({
      product_id: stock.productId,
      name: products.name,
      location_id: stock.locationId,
      available: sql<number>`${stock.onHand} - ${stock.reserved}`,
      low_stock_at: sql<number>`${stock.lowStockAt}`,
    })
    .from(stock)
    .innerJoin(products, eq(products.id, stock.productId))
    // Written out as the partial index has it, so that it serves.
    .where(and(eq(stock.clientId, clientId), sql`on_hand - reserved <= low_stock_at`))
    .orderBy(asc(stock.productId))
    .limit(listed);
