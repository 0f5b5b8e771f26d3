import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { userPermissions } from "#src/db/schema/index.ts";
import { send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { act, makeOrder, type Order, type Shop, shopOf, stockOf } from "../../support/shop.ts";
import { atWork, callOf, helper, idsOf } from "../../support/shop-persona.ts";
import { createUser } from "../../support/users.ts";

const db = database(env.DB);
let shops = 0;
const openShop = () => shopOf(`shop_changes_${shops++}`);

const orderNow = async (shop: Shop, { id }: Order) => (await act(shop.keeper, id, "confirm")).status;

beforeEach(closeBreakers);

describe("What changes the shop", () => {
  it("is done when a person has allowed it, once, however often its task is delivered", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const run = await atWork(`Please cancel order ${order.number}`, ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("m1");
    await run.work("t1.0");
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 2 });
    await run.decide(true, "answer.t1.0");
    await run.work("t1.0", "t1.0");
    await run.work("m2");
    expect(await run.view()).toMatchObject({
      status: "completed",
      data: { answer: { text: `Order ${order.number} is cancelled.` } },
    });
    expect(await orderNow(shop, order)).toBe(409);
  });

  it("is told in figures to whoever is asked for it, as it stands and as it would stand", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const { id: product_id, sku, name } = shop.product;
    const calls = [
      callOf("orders_cancel", { order_id: order.id, reason: "Not wanted" }),
      callOf("orders_note", { order_id: order.id, notes: "Ring twice" }),
      callOf("stock_adjust", { product_id, change: -8 }),
      callOf("orders_create", { customer_id: shop.customer.id, items: [{ product_id, quantity: 3 }] }),
    ];
    const run = await atWork(calls.join(" and "), ...idsOf(shop));
    await run.work("m0");
    for (const key of ["t0.0", "t0.1", "t0.2", "t0.3"]) await run.work(key);
    const { status, waiting, fuel } = await run.view();
    // A question holds no fuel.
    expect({ status, reserved: fuel.reserved }).toEqual({ status: "paused", reserved: 0 });
    const euros = (amount: number) => ({ amount, currency: "EUR" });
    const stood = { number: order.number, version: 1 };
    expect(waiting.map(({ needs, review }) => ({ needs, review }))).toEqual([
      {
        needs: "commerce.orders",
        review: {
          tool: "orders_cancel",
          input: { tool: "orders.cancel", arguments: { order_id: order.id, reason: "Not wanted" } },
          before: { ...stood, status: "pending", payment_status: "unpaid", total: euros(2198), held: 2 },
          after: { status: "cancelled", held: 0 },
        },
      },
      {
        needs: "commerce.orders",
        review: expect.objectContaining({ before: { ...stood, notes: "" }, after: { notes: "Ring twice" } }),
      },
      {
        needs: "commerce.manage",
        review: expect.objectContaining({
          before: { sku, name, location: "Warehouse", on_hand: 100, reserved: 2, available: 98 },
          after: { on_hand: 92, reserved: 2, available: 90 },
        }),
      },
      {
        needs: "commerce.orders",
        review: expect.objectContaining({
          before: { available: [{ product_id, available: 98 }] },
          after: {
            customer: "Ada Lovelace",
            items: [{ sku, name, quantity: 3, unit_price: euros(1099) }],
            total: euros(3297),
            available: [{ product_id, available: 95 }],
          },
        }),
      },
    ]);
  });

  it("is allowed by nobody who may not do it themselves, and refused by anybody", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const run = await atWork(callOf("orders_cancel", { order_id: order.id, reason: "No" }), ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await expect(run.decide(true, "answer.t0.0", ["commerce.read", "commerce.manage"])).rejects.toMatchObject(
      {
        code: "INSUFFICIENT_PERMISSIONS",
        details: { required_permission: "commerce.orders" },
      },
    );
    expect(await run.view()).toMatchObject({ status: "paused" });
    await run.decide(false, "answer.t0.0", []);
    await run.work("m1");
    expect(run.told()).toMatchObject([{ content: expect.stringContaining("TOOL_REFUSED"), is_error: true }]);
    expect(await orderNow(shop, order)).toBe(200);
  });

  it("is allowed among several questions at once by whoever may do it, and by nobody else", async () => {
    const shop = await openShop();
    const [mine, theirs] = [await makeOrder(shop), await makeOrder(shop)];
    const clerk = await createUser(shop.keeper.actor.clientId, { permissions: ["commerce.read"] });
    const now = Date.now();
    for (const permission of ["commerce.read", "commerce.orders"])
      await db.insert(userPermissions).values({ userId: clerk.actor.userId, permission, grantedAt: now });
    const cases = [
      [shop.keeper, mine, true],
      // Their token is of before they were granted it.
      [clerk, theirs, false],
    ] as const;
    for (const [user, order, mayDo] of cases) {
      const wish = callOf("orders_cancel", { order_id: order.id, reason: "No" });
      const run = await atWork(wish, user.actor.userId, user.actor.clientId);
      await run.work("m0");
      await run.work("t0.0");
      const decisions = [{ run_id: run.correlationId, step: "answer.t0.0", approved: true }];
      const answer = await send("POST", "/api/v1/approvals/decide", { decisions }, user.headers);
      expect(await answer.json()).toMatchObject({ outcomes: [{ is_done: mayDo }] });
    }
  });

  it("is not done when what was allowed has changed meanwhile", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const calls = [
      callOf("orders_cancel", { order_id: order.id, reason: "No" }),
      callOf("orders_create", {
        customer_id: shop.customer.id,
        items: [{ product_id: shop.product.id, quantity: 1 }],
      }),
    ];
    const run = await atWork(calls.join(" and "), ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("t0.1");
    await act(shop.keeper, order.id, "confirm");
    const dearer = { price: { amount: 9900, currency: "EUR" } };
    await send("PATCH", `/api/v1/products/${shop.product.id}`, dearer, shop.keeper.headers);
    for (const gate of ["answer.t0.0", "answer.t0.1"]) await run.decide(true, gate);
    await run.work("t0.0");
    await run.work("t0.1");
    await run.work("m1");
    expect(run.told()).toMatchObject([
      { content: expect.stringContaining("CONFLICT"), is_error: true },
      { content: expect.stringContaining("It comes to something else by now"), is_error: true },
    ]);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 2 });
  });

  it("is asked of nobody where it would be refused anyway", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    await act(shop.keeper, order.id, "confirm");
    await act(shop.keeper, order.id, "fulfil");
    const calls = [
      callOf("orders_cancel", { order_id: order.id, reason: "Too late" }),
      callOf("stock_adjust", { product_id: shop.product.id, change: -1000 }),
    ];
    const run = await atWork(calls.join(" and "), ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("t0.1");
    await run.work("m1");
    expect(run.told()).toMatchObject([
      { content: expect.stringContaining("ORDER_STATE_INVALID"), is_error: true },
      { content: expect.stringContaining("INSUFFICIENT_STOCK"), is_error: true },
    ]);
  });

  it("is not done when it is refused, and the order stays as it was", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const run = await atWork(`Please cancel order ${order.number}`, ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("m1");
    await run.work("t1.0");
    await run.decide(false, "answer.t1.0");
    await run.work("m2");
    expect(await run.view()).toMatchObject({
      status: "completed",
      data: { answer: { text: expect.stringContaining("I was not allowed to change it") } },
    });
    expect(await orderNow(shop, order)).toBe(200);
  });

  it("is asked about whatever the persona's policy says, and denied where that denies it", async () => {
    const shop = await openShop();
    const change = callOf("stock_adjust", { product_id: shop.product.id, change: 5 });
    const allowing = { tool_policy: [{ tool: "*", verdict: "allow" }] };
    const asking = await atWork(change, ...idsOf(shop), allowing);
    await asking.work("m0");
    await asking.work("t0.0");
    expect(await asking.view()).toMatchObject({ status: "paused", waiting: [{ step: "answer.t0.0" }] });
    const denied = await atWork(change, ...idsOf(shop), {
      tool_policy: [{ tool: "stock.*", verdict: "deny" }],
    });
    await denied.work("m0");
    await denied.work("m1");
    expect(denied.told()).toMatchObject([{ content: expect.stringContaining("may not be used") }]);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ on_hand: 100 });
  });

  it("makes orders as the persona's, tied to its run, and needs the owner's right to make them", async () => {
    const shop = await openShop();
    const { clientId } = shop.keeper.actor;
    const wish = callOf("orders_create", {
      customer_id: shop.customer.id,
      items: [{ product_id: shop.product.id, quantity: 3 }],
    });
    const run = await atWork(wish, ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.decide(true);
    await run.work("t0.0", "t0.0");
    await run.work("m1");
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 3 });
    const reader = await helper(shop, "commerce.read");
    const refused = await atWork(wish, reader, clientId);
    await refused.work("m0");
    await refused.work("t0.0");
    await refused.work("m1");
    expect(refused.told()).toMatchObject([{ content: expect.stringContaining("INSUFFICIENT_PERMISSIONS") }]);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 3 });
  });
});
