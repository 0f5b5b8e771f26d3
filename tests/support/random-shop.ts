import { env } from "cloudflare:workers";
import { eq, getTableColumns } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import fc from "fast-check";
import { database } from "#src/db/client.ts";
import { customers, locations, orderItems, orders, products, stock } from "#src/db/commerce/index.ts";
import { clients, runs } from "#src/db/schema/index.ts";
import { runStatuses } from "#src/engine/run-view.ts";
import { dayMs } from "#src/kernel/clock.ts";
import { orderSources, orderStatuses, paymentStatuses } from "#src/kernel/commerce-words.ts";
import { commerceDb } from "./shop.ts";

export const zone = "Europe/Berlin";
/** When the shop is looked at. */
export const now = Date.parse("2026-11-28T12:00:00Z");

/** The day of a moment where the shop is. */
export const dayAt = (at: number): string => new Date(at).toLocaleDateString("sv", { timeZone: zone });

const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);
const names = ["tea", "Tea pot", "cup", "Cup board", "tea"];
const times = fc.integer({ min: now - 90 * dayMs, max: now });

const thing = fc.record({ name: pick(names), category: fc.option(pick(["tea", "Tea pot", "ÉCLAIR"])) });
const person = fc.record({
  name: pick(["cup", "Tea Cup", "Ada"]),
  email: fc.option(pick(["tea", "cup"])),
  address: fc.option(
    fc.record({ country: pick(["tea", "DE"]), city: pick(["cup", "Tea pot"]) }, { noNullPrototype: true }),
  ),
  createdAt: times,
});
const order = fc.record({
  at: times,
  status: pick(orderStatuses),
  paymentStatus: pick(paymentStatuses),
  source: pick(orderSources),
  currency: pick(["EUR", "EUR", "USD"]),
  customer: fc.nat(),
  location: fc.nat(),
  persona: fc.option(pick(["persona-1", "persona-2"])),
  paid: fc.integer({ min: 0, max: 500 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  lines: fc.array(
    fc.record({ product: fc.nat(), quantity: fc.integer({ min: 1, max: 9 }), unitPrice: fc.nat(999) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  ),
});
const lying = fc.record({
  onHand: fc.integer({ min: 5, max: 20 }),
  reserved: fc.nat(5),
  lowStockAt: fc.option(fc.nat(12)),
});
const run = fc.record({
  at: times,
  status: pick(runStatuses),
  persona: fc.option(pick(["persona-1"])),
  fuel: fc.nat(90),
  tookMs: fc.nat(9000),
});

const shop = fc.record({
  things: fc.array(thing, { minLength: 5, maxLength: 5 }),
  people: fc.array(person, { minLength: 6, maxLength: 6 }),
  orders: fc.array(order, { minLength: 60, maxLength: 60 }),
  stocks: fc.array(lying, { minLength: 5, maxLength: 5 }),
  runs: fc.array(run, { minLength: 30, maxLength: 30 }),
});

const insertAll = async <T extends SQLiteTable>(
  db: typeof commerceDb,
  table: T,
  rows: T["$inferInsert"][],
) => {
  const size = Math.floor(100 / Object.keys(getTableColumns(table)).length);
  for (let from = 0; from < rows.length; from += size)
    await db.insert(table).values(rows.slice(from, from + size));
};

/** A shop of a tenant with whatever orders, whose rollups are as its changes would have counted them. */
export async function randomShop(clientId: string, seed: number) {
  const [made] = fc.sample(shop, { numRuns: 1, seed });
  if (!made) throw new Error("no shop");
  const settings = { registration: "open" as const, time_zone: zone };
  await database(env.DB).update(clients).set({ settings }).where(eq(clients.id, clientId));
  const times = { createdAt: 1, updatedAt: 1 };
  const things = made.things.map((one, at) => ({
    ...one,
    id: `${clientId}-p${at}`,
    sku: `${at}-${one.name}`,
  }));
  const places = ["Tea room", "cup"].map((name, at) => ({ id: `${clientId}-l${at}`, name }));
  const people = made.people.map((one, at) => ({
    ...one,
    id: `${clientId}-c${at}`,
    email: one.email && `${one.email}${at}`,
  }));
  const sold = made.orders.map(({ at, lines, customer, location, share, ...one }, index) => {
    const items = lines.map((line) => ({
      ...line,
      product: things[line.product % 5] ?? things[0],
      total: line.quantity * line.unitPrice,
    }));
    const total = items.reduce((sum, line) => sum + line.total, 0);
    return {
      ...one,
      id: `${clientId}-o${index}`,
      at,
      day: dayAt(at),
      customer: people[customer % 6] ?? people[0],
      location: places[location % 2] ?? places[0],
      items,
      total,
      units: items.reduce((sum, { quantity }) => sum + quantity, 0),
      refunded: Math.floor(one.paid * share),
    };
  });
  await insertAll(
    commerceDb,
    products,
    things.map(({ id, sku, name, category }) => ({
      id,
      clientId,
      sku,
      name,
      category,
      description: "",
      price: 1,
      currency: "EUR",
      attributes: {},
      status: "active",
      version: 1,
      ...times,
    })),
  );
  await insertAll(
    commerceDb,
    locations,
    places.map(({ id, name }) => ({ id, clientId, name, isDefault: false, isActive: true, ...times })),
  );
  await insertAll(
    commerceDb,
    customers,
    people.map(({ id, name, email, address, createdAt }) => ({
      id,
      clientId,
      name,
      email,
      address,
      tags: [],
      notes: "",
      isActive: true,
      version: 1,
      createdAt,
      updatedAt: 1,
    })),
  );
  await insertAll(
    commerceDb,
    orders,
    sold.map(({ customer, location, items: _, at, persona, ...one }, index) => ({
      ...one,
      status: one.status === "cancelled" ? ("pending" as const) : one.status,
      clientId,
      number: index + 1,
      customerId: customer?.id ?? "",
      locationId: location?.id ?? "",
      subtotal: one.total,
      discount: 0,
      tax: 0,
      shipping: 0,
      notes: "",
      instanceId: persona,
      version: 1,
      createdAt: at,
      updatedAt: at,
    })),
  );
  await insertAll(
    commerceDb,
    orderItems,
    sold.flatMap(({ id, items }) =>
      items.map(({ product, ...line }, at) => ({
        orderId: id,
        line: at,
        productId: product?.id ?? "",
        sku: "",
        name: "",
        ...line,
      })),
    ),
  );
  const stocks = made.stocks.map((one, at) => ({
    ...one,
    product: things[at] ?? things[0],
    location: places[at % 2] ?? places[0],
  }));
  await insertAll(
    commerceDb,
    stock,
    stocks.map(({ product, location, ...one }) => ({
      ...one,
      clientId,
      productId: product?.id ?? "",
      locationId: location?.id ?? "",
    })),
  );
  // What changes count is counted here, too: orders are made before some of them are cancelled.
  for (const { id, status } of sold)
    if (status === "cancelled") await commerceDb.update(orders).set({ status }).where(eq(orders.id, id));
  const ran = made.runs.map(({ at, tookMs, ...one }, index) => ({
    ...one,
    id: `${clientId}-r${index}`,
    at,
    endedAt: ["completed", "failed", "cancelled"].includes(one.status) ? at + tookMs : null,
  }));
  await insertAll(
    database(env.DB),
    runs,
    ran.map(({ id, at, endedAt, persona, fuel, status }) => ({
      correlationId: id,
      revision: 1,
      clientId,
      userId: "somebody",
      instanceId: persona,
      status,
      fuelBudget: 100,
      fuelSpent: fuel,
      tokensIn: fuel,
      tokensOut: 1,
      costMicros: 2 * fuel,
      createdAt: at,
      updatedAt: at,
      completedAt: endedAt,
    })),
  );
  return { clientId, things, places, people, sold, stocks, ran };
}

export type RandomShop = Awaited<ReturnType<typeof randomShop>>;
