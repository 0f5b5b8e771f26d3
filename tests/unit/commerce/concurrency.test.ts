import { describe, expect, it } from "vitest";
import { expireOrders } from "#src/commerce/index.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import {
  act,
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
    const later = Date.parse(left.reserved_until ?? "");
    const platform = testPlatform({ clock: { now: () => later } });
    await expireOrders(platform, later - 1);
    expect((await figuresOf("crowd_expired")).kept[4]).toContainEqual({ status: "pending", orders: 2 });
    await expireOrders(platform, later);
    expect((await figuresOf("crowd_expired")).kept[4]).toEqual([
      { status: "cancelled", orders: 1 },
      { status: "confirmed", orders: 1 },
      { status: "pending", orders: 1 },
    ]);
    await expectExact("crowd_expired");
  });
});
