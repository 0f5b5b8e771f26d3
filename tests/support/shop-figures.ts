import { sql } from "drizzle-orm";
import { expect } from "vitest";
import { commerceDb } from "./shop.ts";

type Figures = Record<string, unknown>[];

/** What the tables say that are kept with each change, and the same counted from the orders. */
export async function figuresOf(clientId: string): Promise<{ kept: Figures[]; counted: Figures[] }> {
  const pairs = [
    [
      sql`SELECT product_id, location_id, reserved FROM stock WHERE client_id = ${clientId} AND reserved > 0 ORDER BY 1`,
      sql`SELECT product_id, location_id, sum(quantity) AS reserved FROM order_items JOIN orders ON orders.id = order_id
        WHERE client_id = ${clientId} AND status IN ('pending', 'confirmed') GROUP BY 1, 2 ORDER BY 1`,
    ],
    [
      sql`SELECT product_id, on_hand FROM stock WHERE client_id = ${clientId} ORDER BY 1`,
      sql`SELECT product_id, sum(change) AS on_hand FROM stock_movements WHERE client_id = ${clientId} GROUP BY 1 ORDER BY 1`,
    ],
    [
      sql`SELECT day, orders, cancelled, items, gross FROM order_days WHERE client_id = ${clientId} ORDER BY 1`,
      sql`SELECT day, count(*) AS orders, sum(status = 'cancelled') AS cancelled,
        sum(iif(status = 'cancelled', 0, units)) AS items, sum(iif(status = 'cancelled', 0, total)) AS gross
        FROM orders WHERE client_id = ${clientId} GROUP BY 1 ORDER BY 1`,
    ],
    [
      sql`SELECT day, product_id, quantity, revenue FROM product_days
        WHERE client_id = ${clientId} AND quantity > 0 ORDER BY 1, 2`,
      sql`SELECT day, product_id, sum(quantity) AS quantity, sum(order_items.total) AS revenue FROM order_items
        JOIN orders ON orders.id = order_id WHERE client_id = ${clientId} AND status <> 'cancelled'
        GROUP BY 1, 2 ORDER BY 1, 2`,
    ],
    [
      sql`SELECT status, orders FROM order_status_counts WHERE client_id = ${clientId} AND orders > 0 ORDER BY 1`,
      sql`SELECT status, count(*) AS orders FROM orders WHERE client_id = ${clientId} GROUP BY 1 ORDER BY 1`,
    ],
    [
      sql`SELECT id, orders_count AS orders, (SELECT sum(value) FROM customer_totals WHERE customer_id = customers.id) AS value
        FROM customers WHERE client_id = ${clientId} ORDER BY 1`,
      sql`SELECT customers.id, count(orders.id) AS orders, coalesce(sum(total), 0) AS value FROM customers
        LEFT JOIN orders ON customer_id = customers.id AND orders.status <> 'cancelled'
        WHERE customers.client_id = ${clientId} GROUP BY 1 ORDER BY 1`,
    ],
  ] as const;
  const rows = await Promise.all(
    pairs.map(([kept, counted]) => Promise.all([commerceDb.all(kept), commerceDb.all(counted)])),
  );
  return { kept: rows.map(([kept]) => asRows(kept)), counted: rows.map(([, counted]) => asRows(counted)) };
}

const asRows = (rows: unknown[]): Figures =>
  rows.map((row) => Object.fromEntries(Object.entries(Object(row))));

/** Every figure of a tenant's shop is what its orders make it. */
export async function expectExact(clientId: string): Promise<void> {
  const { kept, counted } = await figuresOf(clientId);
  expect(kept).toEqual(counted);
}
