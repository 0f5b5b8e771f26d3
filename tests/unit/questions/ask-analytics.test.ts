import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { database } from "#src/db/client.ts";
import { perform } from "#src/operation/perform.ts";
import { type analyticsAnswerSchema, askAnalytics } from "#src/questions/index.ts";
import { call, send } from "../../support/api.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { recordedDatabase } from "../../support/query-plans.ts";
import { act, makeCustomer, makeOrder, makeProduct, type Shop, shopOf, stockUp } from "../../support/shop.ts";
import { createUser, type TestUser } from "../../support/users.ts";

type Answer = z.output<typeof analyticsAnswerSchema>;

let shop: Shop;
beforeAll(async () => {
  shop = await shopOf("questions_shop");
  const { keeper } = shop;
  const pot = await makeProduct(keeper, {
    name: "Tea pot",
    category: "ware",
    price: { amount: 2500, currency: "EUR" },
  });
  await stockUp(keeper, pot.id, 20);
  const grace = await makeCustomer(keeper, { name: "Grace Hopper", email: "grace@shop.example" });
  await makeOrder({ ...shop, customer: grace }, { items: [{ product_id: pot.id, quantity: 3 }] });
  await makeOrder(shop);
  const gone = await makeOrder(shop);
  await bodyOf(await act(keeper, gone.id, "cancel"), 200);
  await makeOrder(await shopOf("questions_elsewhere"));
});

const plan = (over: Record<string, unknown> = {}) => ({
  dataset: "orders",
  measures: ["count", "revenue"],
  time: { last_days: 7 },
  ...over,
});

const ask = (user: Pick<TestUser, "headers">, over?: Record<string, unknown>) =>
  send("POST", "/api/v1/analytics/query", { plan: plan(over) }, user.headers);

const answerTo = async (over?: Record<string, unknown>, user = shop.keeper) =>
  bodyOf<Answer>(await ask(user, over), 200);

describe("A plan", () => {
  it("is answered with what it asks, of the caller's tenant alone", async () => {
    expect(await answerTo()).toMatchObject({
      question: null,
      run_id: null,
      currency: "EUR",
      columns: [
        { name: "count", type: "number", unit: "count" },
        { name: "revenue", type: "number", unit: "EUR" },
      ],
      rows: [{ count: 3, revenue: 7500 + 2198 }],
      chart: { type: "number", x: null, y: ["count", "revenue"], series: null },
      cost: { fuel: 0, tokens: 0 },
      truncated: false,
    });
    const stranger = await createUser("questions_nobody", { permissions: ["commerce.analytics"] });
    expect(await answerTo({}, stranger)).toMatchObject({ currency: null, rows: [{ count: 0, revenue: 0 }] });
  });

  it("tells things by their names, and what names in it were taken for", async () => {
    const answer = await answerTo({
      dataset: "order_items",
      measures: ["quantity"],
      dimensions: ["product", "customer"],
      filters: [{ field: "product", op: "in", value: ["pot", "Chairs"] }],
    });
    expect(answer.rows).toEqual([{ product: "Tea pot", customer: "Grace Hopper", quantity: 3 }]);
    expect(answer.matches).toMatchObject([
      { said: "pot", kind: "product", found: [{ name: "Tea pot" }] },
      { said: "Chairs", kind: "product", found: [] },
    ]);
    expect(answer.explanation).toMatch(
      /^Quantity sold by product and customer, .* where product is one of pot, Chairs$/,
    );
  });

  it("that names another tenant's things finds nothing", async () => {
    const { keeper } = await shopOf("questions_third");
    const answer = await answerTo(
      { filters: [{ field: "customer", op: "eq", value: "Grace Hopper" }] },
      keeper,
    );
    expect(answer).toMatchObject({ matches: [{ found: [] }], rows: [{ count: 0 }] });
  });

  it("is for who may see figures; by what is personal, for who sees contacts", async () => {
    const personal = { dataset: "customers", measures: ["count"], dimensions: ["email"] };
    const reader = await createUser("questions_shop", { permissions: ["commerce.read"] });
    expect((await ask(reader)).status).toBe(403);
    const analyst = await createUser("questions_shop", { permissions: ["commerce.analytics"] });
    expect((await ask(analyst)).status).toBe(200);
    const refused = await bodyOf<{ details: unknown }>(await ask(analyst, personal), 403);
    expect(refused.details).toEqual({ required_permission: "customers.contact" });
    const narrowed = {
      ...personal,
      dimensions: [],
      filters: [{ field: "city", op: "contains", value: "lon" }],
    };
    expect((await ask(analyst, narrowed)).status).toBe(403);
    const both = await createUser("questions_shop", {
      permissions: ["commerce.analytics", "customers.contact"],
    });
    expect((await answerTo(personal, both)).rows).toContainEqual({ email: "grace@shop.example", count: 1 });
  });

  it("is refused with all that is wrong with it", async () => {
    const bad = {
      measures: ["fuel"],
      dimensions: ["model"],
      filters: [{ field: "sku", op: "eq", value: "x" }],
    };
    const { details } = await bodyOf<{ details: { fields: { path: string }[] } }>(
      await ask(shop.keeper, bad),
      400,
    );
    expect(details.fields.map(({ path }) => path)).toEqual([
      "plan.measures.0",
      "plan.dimensions.0",
      "plan.filters.0",
    ]);
    expect((await ask(shop.keeper, { time: { last_days: 500 } })).status).toBe(400);
  });

  it("is answered by GraphQL as by REST, with the same refusals", async () => {
    const document =
      "mutation Ask($plan: JSON!) { askAnalytics(plan: $plan) { answer { explanation rows chart { type } } } }";
    const asked = await query(shop.keeper, document, { plan: plan() });
    const { explanation, rows, chart } = await answerTo();
    expect(asked.data?.askAnalytics).toEqual({
      answer: { explanation, rows, chart: { type: chart.type.toUpperCase() } },
    });
    expect(asked.extensions?.cost).toBeGreaterThanOrEqual(50);
    const refused = await query(shop.keeper, document, { plan: plan({ measures: ["fuel"] }) });
    expect(codesOf(refused)).toEqual(["VALIDATION_ERROR"]);
  });
});

it("An answer is told again for a minute, until something happens", async () => {
  const quiet = await shopOf("questions_quiet");
  await makeOrder(quiet);
  let now = Date.now();
  const statements = async (): Promise<[unknown, number]> => {
    const recorded = recordedDatabase(env.COMMERCE_DB);
    const platform = testPlatform({ clock: { now: () => now } });
    const commerce = { ...platform.commerce, db: database(recorded.database) };
    const { output } = await perform(askAnalytics, { ...platform, commerce }, quiet.keeper.actor, {
      body: { plan: plan() },
    });
    return [
      "rows" in output && output.rows,
      recorded.queries.filter(({ sql }) => sql.startsWith("WITH told")).length,
    ];
  };
  // What has been made is told in the log once its events have arrived there.
  await expect.poll(async () => (await statements())[1]).toBe(0);
  expect(await statements()).toEqual([[{ count: 1, revenue: 2198 }], 0]);
  now += 60_001;
  expect((await statements())[1]).toBe(1);
  await makeOrder(quiet);
  expect(await statements()).toEqual([[{ count: 2, revenue: 4396 }], 1]);
});

it("The catalogue names what plans can name", async () => {
  const { headers } = shop.keeper;
  const { datasets } = await bodyOf<{ datasets: { name: string; measures: { name: string }[] }[] }>(
    await call("/api/v1/analytics/catalogue", { headers }),
    200,
  );
  for (const { name, measures } of datasets)
    expect((await ask(shop.keeper, { dataset: name, measures: [measures[0]?.name] })).status, name).toBe(200);
});
