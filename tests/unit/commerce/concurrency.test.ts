import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { expireOrders } from "#src/commerce/index.ts";
import { orders } from "#src/db/commerce/index.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { send } from "../../support/api.ts";
import { bodyOf, get } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import {
  act,
  commerceDb,
  makeOrder,
  makeProduct,
  type Order,
  orderOf,
  type Shop,
  shopOf,
  stockOf,
  stockUp,
} from "../../support/shop.ts";
import { expectExact, figuresOf } from "../../support/shop-figures.ts";

describe("A hundred orders at once", () => {
  it("for more than there is are made as far as it goes, and not one further", async () => {
    const shop = await shopOf("crowd_same", 60);
    const answers = await mapConcurrent(Array.from({ length: 100 }), 100, () =>
      orderOf(shop, { items: [{ product_id: shop.product.id, quantity: 1 }] }),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(60);
    expect(statuses.filter((status) => status === 409)).toHaveLength(40);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({
      on_hand: 60,
      reserved: 60,
      available: 0,
    });
    const numbers = await Promise.all(
      answers.filter(({ ok }) => ok).map(async (answer) => (await answer.json<Order>()).number),
    );
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    await expectExact("crowd_same");
  }, 60_000);

  it("and what is done with them meanwhile keep every figure exact", async () => {
    const shop = await shopOf("crowd_mixed", 40);
    const products = [shop.product, await makeProduct(shop.keeper), await makeProduct(shop.keeper)];
    for (const { id } of products.slice(1)) await stockUp(shop.keeper, id, 40);
    await mapConcurrent(
      Array.from({ length: 100 }, (_, index) => index),
      25,
      (index) => oneStory(shop, products, index),
    );
    await expectExact("crowd_mixed");
  }, 120_000);
});

/** An order, and what one of seven people does with it; refusals are part of it. */
async function oneStory(shop: Shop, products: readonly { id: string }[], index: number): Promise<void> {
  const items = products.map(({ id }, at) => ({ product_id: id, quantity: 1 + ((index + at) % 2) }));
  const answer = await orderOf(shop, { items: items.slice(index % products.length) });
  if (!answer.ok) return;
  const { id } = await answer.json<Order>();
  const stories = [
    [],
    ["cancel"],
    ["confirm"],
    ["confirm", "cancel"],
    ["confirm", "fulfil"],
    ["confirm", "fulfil", "return"],
  ];
  for (const action of stories[index % stories.length] ?? []) await act(shop.keeper, id, action);
  const path = `/api/v1/orders/${id}`;
  if (index % 5 === 0) await send("PATCH", path, { items: items.slice(0, 1) }, shop.keeper.headers);
  if (index % 7 === 0) {
    const change = { change: 3, reason: "received" };
    await send("POST", `/api/v1/products/${items[0]?.product_id}/stock`, change, shop.keeper.headers);
  }
}

describe("An order that is ended from two sides at once", () => {
  it("is ended once, and lets go once", async () => {
    const shop = await shopOf("crowd_cancel", 10);
    const { id } = await makeOrder(shop);
    const answers = await Promise.all(Array.from({ length: 10 }, () => act(shop.keeper, id, "cancel")));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 0 });
    await expectExact("crowd_cancel");
  });
});

describe("Orders that nobody confirms", () => {
  it("are cancelled when their time is over, and those that are confirmed or paid are not", async () => {
    const shop = await shopOf("crowd_expired");
    const [left, confirmed, paid] = [await makeOrder(shop), await makeOrder(shop), await makeOrder(shop)];
    await bodyOf(await act(shop.keeper, confirmed.id, "confirm"), 200);
    const charge = { kind: "charge", amount: 1, method: "card" };
    const key = { ...shop.keeper.headers, "idempotency-key": "paid" };
    await bodyOf(await send("POST", `/api/v1/orders/${paid.id}/payments`, charge, key), 201);
    // Long ago: of what other tenants have open here nothing is due by then.
    await heldUntil("crowd_expired", 2000);
    const platform = testPlatform({ clock: { now: () => 2000 } });
    expect(await expireOrders(platform, 1999)).toBe(0);
    expect((await figuresOf("crowd_expired")).kept[4]).toContainEqual({ status: "pending", orders: 2 });
    expect(await expireOrders(platform, 2000)).toBe(1);
    expect((await getOrder(shop, left.id)).status).toBe("cancelled");
    expect((await getOrder(shop, paid.id)).status).toBe("pending");
    await expectExact("crowd_expired");
  });

  it("are cancelled for every tenant in turn, however many another has left", async () => {
    const [crowded, quiet] = [await shopOf("crowd_lapsed"), await shopOf("crowd_lapsed_too")];
    for (let made = 0; made < 3; made += 1) await makeOrder(crowded);
    const { id } = await makeOrder(quiet);
    await heldUntil("crowd_lapsed", 500);
    await heldUntil("crowd_lapsed_too", 1000);
    const platform = testPlatform({ clock: { now: () => 1000 } });
    expect(await expireOrders(platform, 1000, 2)).toBe(2);
    expect((await getOrder(quiet, id)).status).toBe("cancelled");
    expect(await expireOrders(platform, 1000)).toBe(2);
    await expectExact("crowd_lapsed");
  });
});

/** Every order of a tenant is held until then. */
const heldUntil = (clientId: string, until: number) =>
  commerceDb.update(orders).set({ reservedUntil: until }).where(eq(orders.clientId, clientId));

const getOrder = async ({ keeper }: Shop, id: string) =>
  bodyOf<Order>(await get(`/api/v1/orders/${id}`, keeper), 200);
