import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import {
  customers,
  eventOutbox,
  locations,
  orderItems,
  orderNumbers,
  orders,
  products,
  stock,
  stockMovements,
} from "#src/db/commerce/index.ts";
import { idOfEach } from "#src/db/id-of-each.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import type { EventNameOf } from "#src/kernel/event-catalogue.ts";
import type { OrderRow } from "./order-repository.ts";
import type { StockEffect } from "./order-states.ts";

/** How much of a product is needed, or was ordered. */
export interface Need {
  product_id: string;
  quantity: number;
}

/** Who orders, what and where, as it was read. */
export interface Basis {
  clientId: string;
  customerId: string;
  locationId: string;
  /** The products with the price that they were read with. */
  offers: readonly { product_id: string; price: number; currency: string }[];
}

const listOf = (rows: readonly object[]): SQL => sql`json_each(${JSON.stringify(rows)})`;

/** True while whoever orders may, where they order is open, and what they order is sold at the price that was read. */
export const isAsRead = ({ clientId, customerId, locationId, offers }: Basis): SQL =>
  sql`EXISTS (SELECT 1 FROM ${customers} WHERE id = ${customerId} AND client_id = ${clientId} AND is_active)
    AND EXISTS (SELECT 1 FROM ${locations} WHERE id = ${locationId} AND client_id = ${clientId} AND is_active)
    AND (SELECT count(*) FROM ${listOf(offers)} CROSS JOIN ${products} ON products.id = value ->> 'product_id'
      WHERE products.client_id = ${clientId} AND products.status = 'active'
        AND products.price = value ->> 'price' AND products.currency = value ->> 'currency') = ${offers.length}`;

/** True while there is enough of everything at a location. */
export const isEnough = (locationId: string, needs: readonly Need[]): SQL =>
  sql`(SELECT count(*) FROM ${listOf(needs)} CROSS JOIN ${stock}
    ON stock.product_id = value ->> 'product_id' AND stock.location_id = ${locationId}
    WHERE on_hand - reserved >= value ->> 'quantity') = ${needs.length}`;

/** Holds what an order needs. */
export const reserve = (db: Database, locationId: string, needs: readonly Need[]) =>
  db
    .update(stock)
    .set({ reserved: sql`${stock.reserved} + (value ->> 'quantity')` })
    .from(listOf(needs))
    .where(and(eq(stock.productId, sql`value ->> 'product_id'`), eq(stock.locationId, locationId)));

const less = (column: SQLiteColumn): SQL => sql`${column} - needed.quantity`;

const changeOf = {
  release: { reserved: less(stock.reserved) },
  sell: { onHand: less(stock.onHand), reserved: less(stock.reserved) },
  "take back": { onHand: sql`${stock.onHand} + needed.quantity` },
} satisfies Record<Exclude<StockEffect, "none">, object>;

const neededBy = (orderId: string): SQL =>
  sql`(SELECT product_id, sum(quantity) AS quantity FROM ${orderItems} WHERE order_id = ${orderId} GROUP BY product_id) AS needed`;

/** Does with an order's stock what its action does. */
export const moveStock = (
  db: Database,
  { id, locationId }: Pick<OrderRow, "id" | "locationId">,
  effect: Exclude<StockEffect, "none">,
) =>
  db
    .update(stock)
    .set(changeOf[effect])
    .from(neededBy(id))
    .where(and(eq(stock.productId, sql`needed.product_id`), eq(stock.locationId, locationId)));

/** Remembers what an order has taken from what was on hand, or brought back. */
export const insertMovements = (
  db: Database,
  { id, clientId, locationId }: Pick<OrderRow, "id" | "clientId" | "locationId">,
  { reason, actorId }: { reason: "sold" | "returned"; actorId: string | null },
  now: number,
) =>
  insertSelect(
    db,
    stockMovements,
    {
      id: idOfEach(now),
      clientId,
      productId: sql`needed.product_id`,
      locationId,
      change: reason === "sold" ? sql`-needed.quantity` : sql`needed.quantity`,
      reason,
      reference: id,
      actorId,
      createdAt: now,
    },
    sql`FROM ${neededBy(id)} WHERE true`,
  );

/** Gives the tenant's next order its number; before `insertOrder`. */
export const takeNumber = (db: Database, clientId: string) =>
  db
    .insert(orderNumbers)
    .values({ clientId, last: 1 })
    .onConflictDoUpdate({ target: orderNumbers.clientId, set: { last: sql`last + 1` } });

/** Makes an order under the number that was taken. */
export const insertOrder = (db: Database, row: Omit<OrderRow, "number">) =>
  db
    .insert(orders)
    .values({
      ...row,
      number: sql`(SELECT last FROM ${orderNumbers} WHERE client_id = ${row.clientId})`,
    })
    .returning();

/** The lines of an order; amounts in minor units. */
export interface NewItem extends Need {
  line: number;
  sku: string;
  name: string;
  unit_price: number;
  total: number;
}

export const insertItems = (db: Database, orderId: string, items: readonly NewItem[]) =>
  insertSelect(
    db,
    orderItems,
    {
      orderId,
      line: sql`value ->> 'line'`,
      productId: sql`value ->> 'product_id'`,
      sku: sql`value ->> 'sku'`,
      name: sql`value ->> 'name'`,
      quantity: sql`value ->> 'quantity'`,
      unitPrice: sql`value ->> 'unit_price'`,
      total: sql`value ->> 'total'`,
    },
    sql`FROM ${listOf(items)} WHERE true`,
  );

export const removeItems = (db: Database, orderId: string) =>
  db.delete(orderItems).where(eq(orderItems.orderId, orderId));

/** Tells what an order has come to; after what has changed it. */
export const orderEvent = (
  db: Database,
  orderId: string,
  {
    event,
    previous,
    more = {},
  }: { event: EventNameOf<"order">; previous: string | null; more?: Record<string, unknown> },
  now: number,
) =>
  insertSelect(
    db,
    eventOutbox,
    {
      id: uuidv7({ msecs: now }),
      clientId: sql`client_id`,
      event,
      entityId: orderId,
      ownerUserId: null,
      data: sql`json_patch(json_object('order_id', id, 'number', number, 'status', status,
        'previous_status', ${previous}, 'payment_status', payment_status, 'customer_id', customer_id,
        'total', json_object('amount', total, 'currency', currency), 'source', source, 'version', version),
        ${JSON.stringify(more)})`,
      createdAt: now,
    },
    sql`FROM ${orders} WHERE id = ${orderId}`,
  );
