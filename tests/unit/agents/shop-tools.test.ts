import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { database } from "#src/db/client.ts";
import { userPermissions, users } from "#src/db/schema/index.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { plan } from "../../support/plans.ts";
import { act, makeCustomer, makeOrder, type Order, type Shop, shopOf, stockOf } from "../../support/shop.ts";
import { deliver, sandboxBinding, startedTask } from "../../support/tasks.ts";
import { createUser } from "../../support/users.ts";

const db = database(env.DB);
const sentSchema = z.looseObject({
  messages: z.array(
    z.object({ content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]) }),
  ),
});

const everyTool = ["orders.find", "orders.get", "customers.find", "products.find", "stock.get"];
const everyChange = ["orders.create", "orders.cancel", "orders.note", "stock.adjust"];

/** A run whose model has the shop's tools, of somebody who has these rights. */
async function atWork(
  prompt: string,
  userId: string,
  clientId: string,
  config: Record<string, unknown> = {},
) {
  const written = plan("answer", {
    answer: {
      action: "ai_text_generate",
      input: { prompt },
      tools: [...everyTool, ...everyChange],
    },
  });
  const run = await startedTask(clientId, written, config, { userId });
  const asked = sandboxBinding();
  const work = (...keys: string[]) =>
    deliver(
      "agents",
      keys.map((key) => run.envelope("answer", key)),
      asked,
    );
  return {
    ...run,
    work,
    /** What the calls have come to, as the model was told last. */
    told: () => {
      const bodies = asked.bodies.flatMap((body, at) =>
        asked.calls[at]?.endsWith("/messages") ? [sentSchema.parse(JSON.parse(body))] : [],
      );
      const blocks = (bodies.at(-1)?.messages ?? []).flatMap(({ content }) =>
        typeof content === "string" ? [] : content,
      );
      return blocks.filter(({ type }) => type === "tool_result");
    },
    decide: async (approved: boolean, gate = "answer.t0.0") =>
      valueOrThrow(await run.tenant.resumeRun(run.correlationId, "tenant", { approved, step: gate, userId })),
  };
}

let shops = 0;
const openShop = () => shopOf(`shop_tools_${shops++}`);
const idsOf = ({ keeper: { actor } }: Shop) => [actor.userId, actor.clientId] as const;
const callOf = (tool: string, input: object) => `call \`${tool}\` with ${JSON.stringify(input)}`;
const orderNow = async (shop: Shop, { id }: Order) => (await act(shop.keeper, id, "confirm")).status;

/** Somebody of the shop's tenant with these permissions, which are in the database. */
async function helper(shop: Shop, ...permissions: string[]) {
  const { actor } = await createUser(shop.keeper.actor.clientId, { permissions });
  const now = Date.now();
  for (const permission of permissions)
    await db.insert(userPermissions).values({ userId: actor.userId, permission, grantedAt: now });
  return actor.userId;
}

beforeEach(closeBreakers);

describe("A persona with the tools of the shop", () => {
  it("looks an order up by the number that a customer says, and tells how it stands", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const run = await atWork(`Where is order ${order.number}?`, ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("m1");
    expect(await run.view()).toMatchObject({
      status: "completed",
      // Two texts by a model of the cheapest kind, and a look.
      fuel: { reserved: 0, spent: 2 * 10 + 1 },
      data: { answer: { text: `Order ${order.number} is pending.`, tool_calls: 1 } },
    });
  });

  it("finds customers, products and stock, and tells nothing of how to reach anybody", async () => {
    const shop = await openShop();
    await makeCustomer(shop.keeper, {
      name: "Grace Canary",
      email: "canary@reach.example",
      phone: "+49 30 123456",
    });
    await makeOrder(shop, { shipping_address: { line1: "Canary Row 1", city: "Hidden", country: "DE" } });
    const calls = [
      callOf("customers_find", { words: "Canary" }),
      callOf("products_find", { words: shop.product.sku }),
      callOf("stock_get", { product_id: shop.product.id }),
      callOf("orders_find", { days: 1, limit: 10 }),
    ];
    const run = await atWork(calls.join(" and "), ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0", "t0.1", "t0.2");
    await run.work("t0.3");
    await run.work("m1");
    expect(await run.view()).toMatchObject({ status: "completed", data: { answer: { tool_calls: 4 } } });
    const told = JSON.stringify(run.told());
    for (const wanted of ["Grace Canary", shop.product.sku, "available", "Ada Lovelace"])
      expect(told).toContain(wanted);
    for (const hidden of ["canary@", "reach.example", "123456", "Canary Row", "Hidden"])
      expect(told).not.toContain(hidden);
  });

  it("may do what the owner of its run may now: a right that was taken away meanwhile is one that it has not", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const { clientId } = shop.keeper.actor;
    const userId = await helper(shop, "commerce.read");
    const run = await atWork(`Where is order ${order.number}?`, userId, clientId);
    await db.delete(userPermissions).where(eq(userPermissions.userId, userId));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("m1");
    expect(run.told()).toMatchObject([
      { content: expect.stringContaining("INSUFFICIENT_PERMISSIONS"), is_error: true },
    ]);
    // So is an account that has been switched off.
    const other = await helper(shop, "commerce.read");
    await db.update(users).set({ isActive: false }).where(eq(users.id, other));
    const off = await atWork(`Where is order ${order.number}?`, other, clientId);
    await off.work("m0");
    await off.work("t0.0");
    await off.work("m1");
    expect(off.told()).toMatchObject([
      { content: expect.stringContaining("INSUFFICIENT_PERMISSIONS"), is_error: true },
    ]);
  });

  it("does not find what is another tenant's", async () => {
    const [shop, other] = [await openShop(), await openShop()];
    const order = await makeOrder(other);
    const run = await atWork(callOf("orders_get", { order_id: order.id }), ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("m1");
    expect(run.told()).toMatchObject([{ content: expect.stringContaining("NOT_FOUND"), is_error: true }]);
  });
});

describe("What changes the shop", () => {
  it("is done when a person has allowed it, once, however often its task is delivered", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const run = await atWork(`Please cancel order ${order.number}`, ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("m1");
    expect(await run.view()).toMatchObject({
      status: "paused",
      waiting: [
        {
          step: "answer.t1.0",
          review: { tool: "orders_cancel", input: { arguments: { order_id: order.id } } },
        },
      ],
    });
    await run.decide(true, "answer.t1.0");
    await run.work("t1.0", "t1.0");
    await run.work("m2");
    expect(await run.view()).toMatchObject({
      status: "completed",
      data: { answer: { text: `Order ${order.number} is cancelled.` } },
    });
    expect(await orderNow(shop, order)).toBe(409);
  });

  it("is not done when it is refused, and the order stays as it was", async () => {
    const shop = await openShop();
    const order = await makeOrder(shop);
    const run = await atWork(`Please cancel order ${order.number}`, ...idsOf(shop));
    await run.work("m0");
    await run.work("t0.0");
    await run.work("m1");
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
    await run.decide(true);
    await run.work("t0.0", "t0.0");
    await run.work("m1");
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 3 });
    const reader = await helper(shop, "commerce.read");
    const refused = await atWork(wish, reader, clientId);
    await refused.work("m0");
    await refused.decide(true);
    await refused.work("t0.0");
    await refused.work("m1");
    expect(refused.told()).toMatchObject([{ content: expect.stringContaining("INSUFFICIENT_PERMISSIONS") }]);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 3 });
  });
});
