import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import {
  act,
  makeCustomer,
  makeOrder,
  makeProduct,
  type Order,
  orderOf,
  shopOf,
  stockOf,
  stockUp,
} from "../../support/shop.ts";
import { createClient, createUser } from "../../support/users.ts";

const refusal = async (answer: Response) => {
  const { error, details } = await answer.json<{ error: string; details?: unknown }>();
  return { status: answer.status, error, details };
};

describe("An order", async () => {
  const shop = await shopOf("orders_life");
  const { keeper, product, customer, locationId } = shop;

  it("is made with what its products are called and cost, and holds them", async () => {
    const answer = await orderOf(shop, { discount: 100, tax: 50, shipping: 490 });
    const order = await bodyOf<Order>(answer, 201);
    expect(answer.headers.get("location")).toBe(`/api/v1/orders/${order.id}`);
    expect(order).toMatchObject({
      number: 1,
      status: "pending",
      payment_status: "unpaid",
      customer_id: customer.id,
      location_id: locationId,
      source: "api",
      created_by: keeper.actor.userId,
      total: { amount: 2198 - 100 + 50 + 490, currency: "EUR" },
      items: [
        {
          line: 1,
          sku: product.sku,
          name: product.name,
          quantity: 2,
          unit_price: { amount: 1099, currency: "EUR" },
          total: { amount: 2198, currency: "EUR" },
        },
      ],
    });
    expect(await stockOf(keeper, product.id)).toMatchObject({ on_hand: 100, reserved: 2, available: 98 });
    const renamed = { name: "Another name", price: { amount: 1, currency: "EUR" } };
    await bodyOf(await send("PATCH", `/api/v1/products/${product.id}`, renamed, keeper.headers), 200);
    const read = await bodyOf<Order>(
      await call(`/api/v1/orders/${order.id}`, { headers: keeper.headers }),
      200,
    );
    expect(read).toEqual(order);
  });

  it("goes from state to state, and its stock with it", async () => {
    const { id } = await makeOrder(shop);
    const before = await stockOf(keeper, product.id);
    expect(await bodyOf(await act(keeper, id, "confirm"), 200)).toMatchObject({ status: "confirmed" });
    expect(await stockOf(keeper, product.id)).toEqual(before);
    expect(await bodyOf(await act(keeper, id, "fulfil"), 200)).toMatchObject({ status: "fulfilled" });
    const sold = await stockOf(keeper, product.id);
    expect([sold?.on_hand, sold?.reserved]).toEqual([
      (before?.on_hand ?? 0) - 2,
      (before?.reserved ?? 0) - 2,
    ]);
    expect(await bodyOf(await act(keeper, id, "complete"), 200)).toMatchObject({ status: "completed" });
    expect(await bodyOf(await act(keeper, id, "return"), 200)).toMatchObject({
      status: "returned",
      version: 5,
      returned_at: expect.stringMatching(/Z$/),
    });
    expect((await stockOf(keeper, product.id))?.on_hand).toBe(before?.on_hand);
    const history = await call(`/api/v1/orders/${id}/events`, { headers: keeper.headers });
    const { events } = await bodyOf<{ events: { action: string; actor_id: string }[] }>(history, 200);
    expect(events.map(({ action }) => action)).toEqual([
      "order.created",
      "order.confirmed",
      "order.fulfilled",
      "order.completed",
      "order.returned",
    ]);
    expect(new Set(events.map(({ actor_id }) => actor_id))).toEqual(new Set([keeper.actor.userId]));
  });

  it("that comes back broken is not sold again", async () => {
    const { id } = await makeOrder(shop);
    for (const action of ["confirm", "fulfil"]) await bodyOf(await act(keeper, id, action), 200);
    const before = await stockOf(keeper, product.id);
    await bodyOf(await act(keeper, id, "return", { restock: false }), 200);
    expect(await stockOf(keeper, product.id)).toEqual(before);
  });

  it("that is cancelled lets go what it holds, and says why", async () => {
    const before = await stockOf(keeper, product.id);
    const { id } = await makeOrder(shop);
    const cancelled = await bodyOf<Order>(await act(keeper, id, "cancel", { reason: "Ordered twice" }), 200);
    expect(cancelled).toMatchObject({ status: "cancelled", cancel_reason: "Ordered twice" });
    expect(await stockOf(keeper, product.id)).toEqual(before);
  });

  it("refuses what its state does not allow, and says what it does", async () => {
    const { id } = await makeOrder(shop);
    expect(await refusal(await act(keeper, id, "complete"))).toEqual({
      status: 409,
      error: "ORDER_STATE_INVALID",
      details: { status: "pending", action: "complete", allowed: ["confirm", "cancel"] },
    });
  });

  it("refuses what was decided on an older version, with the one there is", async () => {
    const { id } = await makeOrder(shop);
    await bodyOf(await act(keeper, id, "confirm", { version: 1 }), 200);
    expect(await refusal(await act(keeper, id, "fulfil", { version: 1 }))).toMatchObject({
      status: 409,
      error: "CONFLICT",
      details: { version: 2 },
    });
  });

  it("takes other lines while it is pending, and holds those instead", async () => {
    const other = await makeProduct(keeper, { price: { amount: 500, currency: "EUR" } });
    await stockUp(keeper, other.id, 5);
    const before = await stockOf(keeper, product.id);
    const { id } = await makeOrder(shop);
    const path = `/api/v1/orders/${id}`;
    const items = [{ product_id: other.id, quantity: 5 }];
    const changed = await bodyOf<Order>(
      await send("PATCH", path, { items, notes: "Soon" }, keeper.headers),
      200,
    );
    expect(changed).toMatchObject({ notes: "Soon", version: 2, total: { amount: 2500 } });
    expect(await stockOf(keeper, product.id)).toEqual(before);
    expect(await stockOf(keeper, other.id)).toMatchObject({ reserved: 5, available: 0 });
    // What it holds itself is there for it.
    const fewer = { items: [{ product_id: other.id, quantity: 4 }] };
    await bodyOf(await send("PATCH", path, fewer, keeper.headers), 200);
    const more = { items: [{ product_id: other.id, quantity: 6 }] };
    expect(await refusal(await send("PATCH", path, more, keeper.headers))).toMatchObject({
      error: "INSUFFICIENT_STOCK",
      details: { items: [{ product_id: other.id, requested: 6, available: 5 }] },
    });
    await bodyOf(await act(keeper, id, "confirm"), 200);
    expect((await refusal(await send("PATCH", path, fewer, keeper.headers))).error).toBe(
      "ORDER_STATE_INVALID",
    );
  });
});

describe("An order is refused", async () => {
  const shop = await shopOf("orders_refused", 3);
  const { keeper, product, customer } = shop;
  const unknown = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
  const yen = await makeProduct(keeper, { price: { amount: 900, currency: "JPY" } });
  const archived = await makeProduct(keeper, { status: "archived" });
  const line = (over: object) => ({ items: [{ product_id: product.id, quantity: 1, ...over }] });
  const both = (id: string) => ({
    items: [
      { product_id: product.id, quantity: 1 },
      { product_id: id, quantity: 1 },
    ],
  });

  it.each([
    ["an unknown customer", { customer_id: unknown }, 404, { customer_id: unknown }],
    ["an unknown product", line({ product_id: unknown }), 404, { product_ids: [unknown] }],
    ["an unknown location", { location_id: unknown }, 404, { location_id: unknown }],
  ])("for %s, which it names", async (_, over, status, details) => {
    expect(await refusal(await orderOf(shop, over))).toMatchObject({ status, details });
  });

  it.each([
    ["no lines", { items: [] }],
    ["101 lines", { items: Array.from({ length: 101 }, () => ({ product_id: product.id, quantity: 1 })) }],
    ["a quantity of 0", line({ quantity: 0 })],
    ["a quantity of -1", line({ quantity: -1 })],
    ["a quantity of 1.5", line({ quantity: 1.5 })],
    ["a quantity of 2³¹", line({ quantity: 2 ** 31 })],
    ["products of two currencies", both(yen.id)],
    ["an archived product", both(archived.id)],
    ["a price in another currency", line({ unit_price: { amount: 1, currency: "JPY" } })],
    ["a price that is no whole number of cents", line({ unit_price: 10.999 })],
    ["a discount of more than it comes to", { discount: 10_000 }],
    ["a fraction of a cent", { tax: 0.5 }],
    ["a field that nobody knows", { total: 1 }],
  ])("with %s", async (_, over) => {
    expect(await refusal(await orderOf(shop, over))).toMatchObject({
      status: 400,
      error: "VALIDATION_ERROR",
    });
    expect((await stockOf(keeper, product.id))?.reserved).toBe(0);
  });

  it("for more than there is, with all that is short, of both lines of one product", async () => {
    const items = [2, 2].map((quantity) => ({ product_id: product.id, quantity }));
    expect(await refusal(await orderOf(shop, { items }))).toEqual({
      status: 409,
      error: "INSUFFICIENT_STOCK",
      details: { items: [{ product_id: product.id, requested: 4, available: 3 }] },
    });
  });

  it("at another price by who may not say one; older bodies say it as a decimal number", async () => {
    const clerk = await createUser("orders_refused", { permissions: ["commerce.orders"] });
    const cheaper = line({ unit_price: 9.99 });
    expect((await refusal(await orderOf({ ...shop, keeper: clerk }, cheaper))).details).toEqual({
      required_permission: "commerce.manage",
    });
    const same = await makeOrder({ ...shop, keeper: clerk }, line({ unit_price: 10.99 }));
    expect(same.total).toEqual({ amount: 1099, currency: "EUR" });
    expect((await makeOrder(shop, cheaper)).total.amount).toBe(999);
  });

  it("of a customer that is no longer one", async () => {
    const gone = await makeCustomer(keeper);
    await bodyOf(
      await send("PATCH", `/api/v1/customers/${gone.id}`, { is_active: false }, keeper.headers),
      200,
    );
    expect((await orderOf({ ...shop, customer: gone })).status).toBe(400);
    expect(customer.is_active).toBe(true);
  });
});

describe("An order under an Idempotency-Key", async () => {
  const shop = await shopOf("orders_once");

  it("is made once, however often and at once it is asked for", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => orderOf(shop, {}, { "idempotency-key": "the-one" })),
    );
    const orders = await Promise.all(answers.map((answer) => bodyOf<Order>(answer, 201)));
    expect(new Set(orders.map(({ id }) => id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get("idempotent-replayed") === "true")).toHaveLength(7);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 2 });
  });

  it("is refused with another body", async () => {
    const answer = await orderOf(shop, { notes: "Another" }, { "idempotency-key": "the-one" });
    expect(await refusal(answer)).toMatchObject({ status: 409, error: "CONFLICT" });
  });
});

it("A tenant's orders are counted from 1, without gaps for what was refused", async () => {
  const shop = await shopOf("orders_numbered", 5);
  const numbers = [];
  for (const quantity of [2, 9, 2, 9, 1]) {
    const answer = await orderOf(shop, { items: [{ product_id: shop.product.id, quantity }] });
    numbers.push((await answer.json<{ number?: number }>()).number);
  }
  expect(numbers).toEqual([1, undefined, 2, undefined, 3]);
});

it("Somebody without a right to them sees and makes no orders, and a moderator reads them", async () => {
  const shop = await shopOf("orders_rights");
  const { id } = await makeOrder(shop);
  await createClient("orders_rights");
  const statuses = async (over: Parameters<typeof createUser>[1]) => {
    const user = await createUser("orders_rights", over);
    const read = await call(`/api/v1/orders/${id}`, { headers: user.headers });
    const confirmed = await act(user, id, "confirm");
    return [read.status, confirmed.status];
  };
  expect(await statuses({})).toEqual([403, 403]);
  expect(await statuses({ permissions: ["commerce.read"] })).toEqual([200, 403]);
  expect(await statuses({ role: "moderator" })).toEqual([200, 403]);
  expect(await statuses({ permissions: ["commerce.orders"] })).toEqual([403, 200]);
});
