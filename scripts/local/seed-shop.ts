import { eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import {
  customers,
  locations,
  orderItems,
  orderNumbers,
  orderPayments,
  orders,
  products,
  stock,
  stockMovements,
} from "#src/db/commerce/index.ts";
import { insertRows, type JsonRow } from "#src/db/json-rows.ts";
import { demoPeople, demoTeas } from "../demo-shop.ts";

const dayMs = 86_400_000;
/** Days before the seed on which something was ordered, and orders on each. */
const days = 90;
const ordersOfADay = 3;
/** What there is of each product after all of it. */
const left = 200;

type Rows<T extends Parameters<typeof insertRows>[1]> = JsonRow<T>[];

/** A repeating choice: the same shop wherever it is seeded. */
const pick = <T>(from: readonly T[], at: number): T => {
  const found = from[at % from.length];
  if (found === undefined) throw new Error("There is nothing to choose from");
  return found;
};

interface Shop {
  clientId: string;
  locationId: string;
  products: Rows<typeof products>;
  customers: Rows<typeof customers>;
}

function catalogueOf(clientId: string, now: number): Shop {
  const at = now - (days + 1) * dayMs;
  const row = { client_id: clientId, version: 1, created_at: at, updated_at: at };
  return {
    clientId,
    locationId: uuidv7({ msecs: at }),
    products: demoTeas.map(([name, price], index) => ({
      ...row,
      id: uuidv7({ msecs: at + index }),
      sku: `DEMO-${name.toUpperCase().replaceAll(" ", "-")}`,
      name: `${name}, 100 g`,
      description: "",
      category: "demo",
      image_url: null,
      price,
      currency: "EUR",
      attributes: {},
      status: "active",
    })),
    customers: demoPeople.map((name, index) => ({
      ...row,
      id: uuidv7({ msecs: at + index }),
      name,
      email: `${name.toLowerCase().replaceAll(" ", ".")}@example.com`,
      phone: null,
      external_id: null,
      user_id: null,
      address: null,
      tags: ["demo"],
      notes: "",
      orders_count: 0,
      last_order_at: null,
      last_order_day: null,
      is_active: true,
      deleted_at: null,
    })),
  };
}

/** An order of the past: delivered and paid for, but for every ninth, which was cancelled. */
function orderOf(shop: Shop, number: number, at: number) {
  const id = uuidv7({ msecs: at });
  const items = [0, 1].slice(0, 1 + (number % 2)).map((index): JsonRow<typeof orderItems> => {
    const product = pick(shop.products, number * 5 + index * 7);
    const quantity = 1 + ((number + index) % 3);
    const { id: product_id, sku, name, price } = product;
    const total = quantity * price;
    return { order_id: id, line: index + 1, product_id, sku, name, quantity, unit_price: price, total };
  });
  const total = items.reduce((sum, item) => sum + item.total, 0);
  const isCancelled = number % 9 === 0;
  const order: JsonRow<typeof orders> = {
    id,
    client_id: shop.clientId,
    number,
    status: isCancelled ? "cancelled" : "completed",
    payment_status: "unpaid",
    customer_id: pick(shop.customers, number * 3).id,
    location_id: shop.locationId,
    currency: "EUR",
    subtotal: total,
    discount: 0,
    tax: 0,
    shipping: 0,
    total,
    units: items.reduce((sum, { quantity }) => sum + quantity, 0),
    paid: 0,
    refunded: 0,
    notes: "",
    shipping_address: null,
    source: "api",
    created_by: null,
    run_id: null,
    instance_id: null,
    reserved_until: null,
    cancel_reason: null,
    day: new Date(at).toISOString().slice(0, 10),
    version: isCancelled ? 2 : 4,
    created_at: at,
    updated_at: at,
    confirmed_at: isCancelled ? null : at,
    fulfilled_at: isCancelled ? null : at,
    completed_at: isCancelled ? null : at,
    cancelled_at: isCancelled ? at : null,
    returned_at: null,
  };
  return { order, items, isCancelled, total, at };
}

const isOneOf = (ids: readonly string[]) =>
  sql`${orders.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`;

/** Puts a shop with 90 days behind it into a tenant that has none; what is there stays. */
export async function seedShop(db: Database, clientId: string, now: number): Promise<void> {
  const isThere = await db.select().from(locations).where(eq(locations.clientId, clientId)).limit(1).get();
  if (isThere) return;
  const shop = catalogueOf(clientId, now);
  const past = Array.from({ length: days * ordersOfADay }, (_, index) =>
    orderOf(shop, index + 1, now - (days - index / ordersOfADay) * dayMs),
  );
  const sold = past.filter(({ isCancelled }) => !isCancelled);
  const movement = { client_id: clientId, location_id: shop.locationId, actor_id: null };
  const movements = sold.flatMap(({ order, items, at }) =>
    items.map(
      ({ product_id, quantity }): JsonRow<typeof stockMovements> => ({
        ...movement,
        id: uuidv7({ msecs: at }),
        product_id,
        change: -quantity,
        reason: "sold",
        reference: order.id,
        created_at: at,
      }),
    ),
  );
  const soldOf = (productId: string) =>
    movements.reduce((sum, { product_id, change }) => sum + (product_id === productId ? -change : 0), 0);
  const at = now - (days + 1) * dayMs;
  // An order that was cancelled was one before: its figures follow from that.
  const begun = past.map(({ order }) => ({ ...order, status: "pending" as const }));
  const [first, ...rest] = [
    db.insert(locations).values({
      id: shop.locationId,
      clientId,
      name: "Demo warehouse",
      isDefault: true,
      isActive: true,
      createdAt: at,
      updatedAt: at,
      deletedAt: null,
    }),
    ...insertRows(db, products, shop.products),
    ...insertRows(db, customers, shop.customers),
    ...insertRows(
      db,
      stock,
      shop.products.map(({ id }) => ({
        product_id: id,
        location_id: shop.locationId,
        client_id: clientId,
        on_hand: left,
        reserved: 0,
        low_stock_at: 20,
      })),
    ),
    ...insertRows(db, stockMovements, [
      ...shop.products.map(({ id }) => ({
        ...movement,
        id: uuidv7({ msecs: at }),
        product_id: id,
        change: left + soldOf(id),
        reason: "received" as const,
        reference: null,
        created_at: at,
      })),
      ...movements,
    ]),
    ...insertRows(db, orders, begun),
    ...insertRows(
      db,
      orderItems,
      past.flatMap(({ items }) => items),
    ),
    ...[...new Set(past.map(({ order }) => order.status))].map((status) =>
      db
        .update(orders)
        .set({ status })
        .where(isOneOf(past.filter(({ order }) => order.status === status).map(({ order }) => order.id))),
    ),
    ...insertRows(
      db,
      orderPayments,
      sold.map(({ order, total, at: when }) => ({
        id: uuidv7({ msecs: when }),
        client_id: clientId,
        order_id: order.id,
        kind: "charge" as const,
        amount: total,
        currency: "EUR",
        method: "card",
        reference: null,
        actor_id: null,
        day: order.day,
        created_at: when,
      })),
    ),
    db.insert(orderNumbers).values({ clientId, last: past.length }),
  ];
  if (first) await db.batch([first, ...rest]);
}
