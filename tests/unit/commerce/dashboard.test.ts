import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesOf, type DayFigures, totalsOf } from "#src/commerce/dashboard/figures.ts";
import { daysOf, periodBefore, periodUpTo } from "#src/commerce/dashboard/period.ts";
import { createOrder, getShopDashboard } from "#src/commerce/index.ts";
import { database } from "#src/db/client.ts";
import { clients } from "#src/db/schema/index.ts";
import { perform } from "#src/operation/perform.ts";
import { call } from "../../support/api.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { recordedDatabase } from "../../support/query-plans.ts";
import { act, makeCustomer, makeOrder, makeProduct, shopOf, stockUp } from "../../support/shop.ts";
import { createUser } from "../../support/users.ts";

describe("A period", () => {
  it("goes over months and leap days, and the one before it ends where it begins", () => {
    expect(periodUpTo("2028-03-01", 3)).toEqual({ from: "2028-02-28", to: "2028-03-01" });
    expect(daysOf({ from: "2028-02-28", to: "2028-03-01" })).toEqual([
      "2028-02-28",
      "2028-02-29",
      "2028-03-01",
    ]);
    expect(periodBefore({ from: "2028-03-01", to: "2028-03-03" }, 3)).toEqual({
      from: "2028-02-27",
      to: "2028-02-29",
    });
  });

  it("has as many days as it is asked to have", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 366 }),
        fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
        (days, date) => {
          expect(daysOf(periodUpTo(date.toISOString().slice(0, 10), days))).toHaveLength(days);
        },
      ),
    );
  });
});

describe("Totals", () => {
  const day = (over: Partial<DayFigures>): DayFigures => ({
    day: "2026-11-28",
    orders: 0,
    cancelled: 0,
    items: 0,
    gross: 0,
    refunds: 0,
    ...over,
  });

  it("leave out what was cancelled, and divide by nothing where there is nothing", () => {
    const figures = [
      day({ orders: 4, cancelled: 1, items: 5, gross: 1000, refunds: 300 }),
      day({ orders: 1, gross: 1, items: 1 }),
    ];
    expect(totalsOf(figures, [{ day: "", fresh: 2, again: 1 }])).toEqual({
      orders: 5,
      revenue: 1001,
      refunds: 300,
      net_revenue: 701,
      average_order_value: 250,
      items_sold: 6,
      new_customers: 2,
      returning_customers: 1,
      cancellation_rate: 0.2,
    });
    const nothing = totalsOf([], []);
    expect([nothing.average_order_value, nothing.cancellation_rate]).toEqual([0, 0]);
    expect(changesOf(totalsOf(figures, []), nothing).orders).toBeNull();
    expect(changesOf(totalsOf([day({ orders: 3 })], []), totalsOf([day({ orders: 2 })], [])).orders).toBe(
      0.5,
    );
  });
});

describe("The dashboard of a shop", async () => {
  const shop = await shopOf("shop_dashboard");
  const { keeper, product } = shop;
  const other = await makeProduct(keeper, { price: { amount: 100, currency: "JPY" } });
  await stockUp(keeper, other.id, 10, { low_stock_at: 9 });
  const grace = await makeCustomer(keeper, { name: "Grace Hopper" });
  await makeOrder(shop);
  const second = await makeOrder(shop);
  await makeOrder({ ...shop, customer: grace }, { items: [{ product_id: product.id, quantity: 1 }] });
  await makeOrder({ ...shop, product: other });
  await bodyOf(await act(keeper, second.id, "cancel"), 200);
  const path = "/api/v1/analytics/dashboard";

  it("tells what was ordered, by whom and of what, in the commonest currency", async () => {
    const told = await bodyOf<Record<string, unknown>>(await call(path, { headers: keeper.headers }), 200);
    expect(told).toMatchObject({
      currency: "EUR",
      currencies: ["EUR", "JPY"],
      totals: {
        orders: 3,
        revenue: { amount: 3297, currency: "EUR" },
        items_sold: 3,
        new_customers: 2,
        returning_customers: 0,
        cancellation_rate: 1 / 3,
      },
      top_products: [{ product_id: product.id, quantity: 3, revenue: { amount: 3297 } }],
      top_customers: [
        { name: "Ada Lovelace", orders: 1, value: { amount: 2198 } },
        { name: "Grace Hopper", orders: 1, value: { amount: 1099 } },
      ],
      orders_by_status: [
        { status: "cancelled", orders: 1 },
        { status: "pending", orders: 3 },
      ],
      low_stock: [{ product_id: other.id, available: 8, low_stock_at: 9 }],
    });
    expect(Object(told.series)).toHaveLength(30);
    expect(Object(told.series).at(-1)).toMatchObject({ orders: 3, revenue: { amount: 3297 } });
  });

  it("tells the same by GraphQL", async () => {
    const document =
      "{ dashboard(days: 7) { currency totals { orders revenue { amount } } series { day orders } } }";
    const answer = await query(keeper, document);
    expect(codesOf(answer)).toEqual([]);
    const told = await bodyOf<{ series: { day: string; orders: number }[] }>(
      await call(`${path}?days=7`, { headers: keeper.headers }),
      200,
    );
    expect(answer.data?.dashboard).toEqual({
      currency: "EUR",
      totals: { orders: 3, revenue: { amount: 3297 } },
      series: told.series.map(({ day, orders }) => ({ day, orders })),
    });
  });

  it("is for who may see figures, and of their own tenant", async () => {
    const reader = await createUser("shop_dashboard", { permissions: ["commerce.read"] });
    expect((await call(path, { headers: reader.headers })).status).toBe(403);
    const elsewhere = await createUser("shop_dashboard_away", { permissions: ["commerce.analytics"] });
    expect(await bodyOf(await call(path, { headers: elsewhere.headers }), 200)).toMatchObject({
      currency: null,
      totals: { orders: 0, revenue: { amount: 0 } },
      top_customers: [],
    });
    for (const bad of ["days=0", "days=367", "currency=EURO", "tenant_id=shop_dashboard"])
      expect((await call(`${path}?${bad}`, { headers: keeper.headers })).status).toBe(400);
  });

  it("counts an order on the day that it is where the tenant is", async () => {
    const late = Date.parse("2026-03-28T23:30:00Z");
    const platform = testPlatform({ clock: { now: () => late } });
    const { db } = platform;
    const home = await shopOf("shop_days");
    const settings = { registration: "open", time_zone: "Europe/Berlin" };
    await db.update(clients).set({ settings }).where(eq(clients.id, "shop_days"));
    const body = { customer_id: home.customer.id, items: [{ product_id: home.product.id, quantity: 1 }] };
    await perform(createOrder, platform, home.keeper.actor, { body });
    const { output } = await perform(getShopDashboard, platform, home.keeper.actor, { query: { days: "2" } });
    expect(output.series).toMatchObject([
      { day: "2026-03-28", orders: 0 },
      { day: "2026-03-29", orders: 1 },
    ]);
  });

  it("asks as much of many orders as of few", async () => {
    const many = await shopOf("shop_many");
    const statements = async () => {
      const { database: recorded, queries } = recordedDatabase(env.COMMERCE_DB);
      const platform = testPlatform();
      await perform(
        getShopDashboard,
        { ...platform, commerce: { ...platform.commerce, db: database(recorded) } },
        many.keeper.actor,
        {},
      );
      return queries.map(({ sql }) => sql);
    };
    await makeOrder(many);
    const before = await statements();
    for (let number = 0; number < 5; number++) await makeOrder(many);
    expect(await statements()).toEqual(before);
    for (const sql of before) expect(sql).not.toMatch(/from "(orders|order_items|order_payments)"/);
  });
});
