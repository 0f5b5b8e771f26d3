import { describe, expect, it } from "vitest";
import { maySee } from "#src/realtime/visibility.ts";
import { send } from "../../support/api.ts";
import { eventsOf } from "../../support/events.ts";
import { bodyOf } from "../../support/personas.ts";
import { act, makeOrder, shopOf, stockUp } from "../../support/shop.ts";

/** The events of one kind in a tenant's log, once there are so many. */
async function told(clientId: string, event: string, count: number) {
  await expect.poll(async () => (await eventsOf(clientId, event)).length).toBe(count);
  return eventsOf(clientId, event);
}

describe("What happens in a shop is told in the tenant's log", async () => {
  const shop = await shopOf("shop_events", 10);

  it("of each order once, with its states and nothing personal", async () => {
    const { id, number } = await makeOrder(shop);
    for (const action of ["confirm", "fulfil", "complete", "return"]) {
      await bodyOf(await act(shop.keeper, id, action), 200);
      expect((await act(shop.keeper, id, action)).status).toBe(409);
    }
    const states = [];
    for (const event of ["created", "confirmed", "fulfilled", "completed", "returned"]) {
      const [one] = await told("shop_events", `order.${event}`, 1);
      states.push([one?.data.previous_status, one?.data.status]);
      expect(one).toMatchObject({ entity_id: id, owner_user_id: null, data: { order_id: id, number } });
      expect(JSON.stringify(one)).not.toContain("Ada");
    }
    expect(states).toEqual([
      [null, "pending"],
      ["pending", "confirmed"],
      ["confirmed", "fulfilled"],
      ["fulfilled", "completed"],
      ["completed", "returned"],
    ]);
  });

  it("of stock that falls to its mark, each time it does and not each time it is low", async () => {
    const { product, keeper } = shop;
    await stockUp(keeper, product.id, 5, { low_stock_at: 3 });
    await makeOrder(shop);
    await makeOrder(shop);
    await stockUp(keeper, product.id, 9);
    await makeOrder(shop);
    const low = await told("shop_events", "product.stock.low", 2);
    expect(low.map(({ data }) => data.available)).toEqual([3, 3]);
    expect((await eventsOf("shop_events", "product.stock.changed")).length).toBe(3);
  });

  it("of nothing where nothing has been done", async () => {
    const refused = {
      customer_id: shop.customer.id,
      items: [{ product_id: shop.product.id, quantity: 5000 }],
    };
    expect((await send("POST", "/api/v1/orders", refused, shop.keeper.headers)).status).toBe(409);
    expect(await eventsOf("shop_events", "order.created")).toHaveLength(4);
  });
});

describe("An event of commerce is nobody's own", () => {
  const event = { event: "order.created", owner_user_id: null };
  const hearer = { userId: "u", role: "user", permissions: [] as string[] } as const;

  it("and is heard by who may read orders, not by everybody in the tenant", () => {
    expect(maySee(hearer, event)).toBe(false);
    expect(maySee({ ...hearer, permissions: ["commerce.orders"] }, event)).toBe(false);
    expect(maySee({ ...hearer, permissions: ["commerce.read"] }, event)).toBe(true);
    expect(maySee({ ...hearer, role: "moderator" }, event)).toBe(true);
    expect(maySee(hearer, { ...event, event: "system.notification" })).toBe(true);
  });
});
