import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { globalId } from "#src/graphql/global-id.ts";
import { answerGraphql } from "#src/graphql/index.ts";
import { call } from "../../support/api.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { asGraphql, everythingOf } from "../../support/graphql-parity.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { recordedDatabase } from "../../support/query-plans.ts";
import {
  makeCustomer,
  makeOrder,
  makeProduct,
  orderOf,
  type Shop,
  shopOf,
  stockOf,
  stockUp,
} from "../../support/shop.ts";
import { createUser } from "../../support/users.ts";

/** A shop with an order in it. */
async function world(clientId: string) {
  const shop = await shopOf(clientId);
  return { ...shop, order: await makeOrder(shop) };
}

const rest = async ({ keeper: { headers } }: Shop, path: string) =>
  bodyOf<Record<string, unknown>>(await call(`/api/v1${path}`, { headers }), 200);

describe("What GraphQL tells of one thing is what REST tells of it:", async () => {
  const made = await world("graphql_commerce_one");
  const { order, product, customer, locationId } = made;

  it.each([
    ["Order", `order(id: "${order.id}")`, `/orders/${order.id}`],
    ["Order", `node(id: "${globalId("Order", order.id)}")`, `/orders/${order.id}`],
    ["Product", `product(id: "${globalId("Product", product.id)}")`, `/products/${product.id}`],
    ["Customer", `customer(id: "${customer.id}")`, `/customers/${customer.id}`],
    ["Location", `location(id: "${locationId}")`, `/locations/${locationId}`],
  ])("%s by %s", async (type, field, path) => {
    const selection = field.startsWith("node")
      ? `{ ... on ${type} ${everythingOf(type)} }`
      : everythingOf(type);
    const answer = await query(made.keeper, `{ thing: ${field} ${selection} }`);
    expect(codesOf(answer)).toEqual([]);
    expect(answer.data?.thing).toEqual(asGraphql(type, await rest(made, path)));
  });

  it.each([
    ["Order", "orders", "orders(first: 2)", "/orders?limit=2&expand=items"],
    [
      "Order",
      "orders",
      "orders(first: 2, sort: LARGEST, filter: { status: [PENDING] })",
      "/orders?limit=2&sort=-total&status=pending&expand=items",
    ],
    [
      "Product",
      "products",
      'products(first: 1, filter: { q: "tea", inStock: true })',
      "/products?limit=1&q=tea&in_stock=true",
    ],
    [
      "Customer",
      "customers",
      "customers(first: 1, filter: { minOrders: 1 })",
      "/customers?limit=1&min_orders=1",
    ],
    ["Location", "locations", "locations(first: 1)", "/locations?limit=1"],
  ])("a page of each: %s, %s, by %s", async (type, name, field, path) => {
    const document = `{ page: ${field} { nodes ${everythingOf(type)} pageInfo { endCursor hasNextPage } } }`;
    const { data, ...answer } = await query(made.keeper, document);
    expect(codesOf(answer)).toEqual([]);
    const page = await rest(made, path);
    const entries = Array.isArray(page[name]) ? page[name] : [];
    expect(entries.length).toBeGreaterThan(0);
    expect(Object(data?.page).nodes).toEqual(entries.map((entry) => asGraphql(type, entry)));
  });

  it("a list sorted by what its entries come to goes on behind any of them", async () => {
    for (const quantity of [5, 3]) await makeOrder(made, { items: [{ product_id: product.id, quantity }] });
    const page = async (after: string) => {
      const document = `{ orders(first: 1, sort: LARGEST${after}) { edges { cursor node { total { amount } } } } }`;
      const [edge] = Object((await query(made.keeper, document)).data?.orders).edges;
      return edge;
    };
    const first = await page("");
    const second = await page(`, after: "${first.cursor}"`);
    expect([first.node.total.amount, second.node.total.amount]).toEqual([5 * 1099, 3 * 1099]);
  });
});

it("A payment is recorded once for its key, by either way", async () => {
  const made = await world("graphql_paid");
  const document = `mutation ($id: ID!, $input: RecordPaymentInput) { recordPayment(id: $id, input: $input, idempotencyKey: "k") { amount { amount currency } kind } }`;
  const variables = { id: made.order.id, input: { amount: 100, method: "card" } };
  const first = await query(made.keeper, document, variables);
  expect(first.data).toEqual({ recordPayment: { amount: { amount: 100, currency: "EUR" }, kind: "CHARGE" } });
  expect((await query(made.keeper, document, variables)).data).toEqual(first.data);
  expect((await rest(made, `/orders/${made.order.id}`)).paid).toEqual({ amount: 100, currency: "EUR" });
});

it("A hundred orders at once, half by REST and half by GraphQL, are made as far as it goes", async () => {
  const shop = await shopOf("graphql_crowd", 50);
  const document = "mutation ($input: CreateOrderInput!) { createOrder(input: $input) { id } }";
  const line = (id: string) => ({ customerId: shop.customer.id, items: [{ productId: id, quantity: 1 }] });
  const made = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      if (index % 2 === 0)
        return (await orderOf(shop, { items: [{ product_id: shop.product.id, quantity: 1 }] })).ok;
      return codesOf(await query(shop.keeper, document, { input: line(shop.product.id) })).length === 0;
    }),
  );
  expect(made.filter(Boolean)).toHaveLength(50);
  expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ on_hand: 50, reserved: 50 });
}, 60_000);

it("What the orders of a page lead to is read together, however many there are", async () => {
  const shop = await shopOf("graphql_together");
  const document =
    "{ orders(first: 10) { nodes { number customer { name } items { name product { sku } } } } }";
  const statements = async () => {
    const { database: recorded, queries } = recordedDatabase(env.COMMERCE_DB);
    const platform = testPlatform();
    const { answer } = await answerGraphql(
      { ...platform, commerce: { ...platform.commerce, db: database(recorded) } },
      shop.keeper.actor,
      {
        method: "POST",
        url: "http://platform.test/graphql",
        headers: new Headers({ "content-type": "application/json" }),
        body: JSON.stringify({ query: document }),
        call: {},
        documents: env.CACHE,
      },
    );
    return { count: queries.length, data: JSON.parse(answer[0] ?? "null").data };
  };
  for (let number = 0; number < 2; number++) await makeOrder(shop);
  const few = await statements();
  for (let number = 0; number < 4; number++) {
    const [product, customer] = [await makeProduct(shop.keeper), await makeCustomer(shop.keeper)];
    await stockUp(shop.keeper, product.id, 5);
    await makeOrder({ keeper: shop.keeper, product, customer });
  }
  const many = await statements();
  expect(many.data.orders.nodes).toHaveLength(6);
  expect(many.data.orders.nodes[0]).toMatchObject({
    customer: { name: "Ada Lovelace" },
    items: [{ product: { sku: expect.any(String) } }],
  });
  expect(many.count).toBe(few.count);
});

it("What is another tenant's is nothing's, and who may not read is told what they need", async () => {
  const made = await world("graphql_shop_home");
  const stranger = await createUser("graphql_shop_away", { role: "admin" });
  const document = `{ order(id: "${made.order.id}") { id } product(id: "${made.product.id}") { id } customer(id: "${made.customer.id}") { id } location(id: "${made.locationId}") { id } node(id: "${globalId("Order", made.order.id)}") { id } }`;
  const answer = await query(stranger, document);
  expect(Object.values(answer.data ?? {})).toEqual([null, null, null, null, null]);
  expect(new Set(codesOf(answer))).toEqual(new Set(["NOT_FOUND"]));
  const user = await createUser("graphql_shop_home");
  const refused = await query(user, "{ orders { nodes { id } } }");
  expect(refused.errors).toMatchObject([
    { extensions: { code: "INSUFFICIENT_PERMISSIONS", details: { required_permission: "commerce.read" } } },
  ]);
  expect(
    codesOf(await query(made.keeper, `{ order(id: "${globalId("Product", made.product.id)}") { id } }`)),
  ).toEqual(["VALIDATION_ERROR"]);
});
