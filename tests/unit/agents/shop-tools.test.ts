import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { userPermissions, users } from "#src/db/schema/index.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { makeCustomer, makeOrder, shopOf } from "../../support/shop.ts";
import { atWork, callOf, helper, idsOf } from "../../support/shop-persona.ts";

const db = database(env.DB);

let shops = 0;
const openShop = () => shopOf(`shop_tools_${shops++}`);

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
