import { describe, expect, it } from "vitest";
import { seedShop } from "#scripts/local/seed-shop.ts";
import { getShopDashboard, listOrders } from "#src/commerce/index.ts";
import { perform } from "#src/operation/perform.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { commerceDb, makeOrder, shopOf } from "../../support/shop.ts";
import { expectExact } from "../../support/shop-figures.ts";
import { createUser } from "../../support/users.ts";

const now = Date.parse("2026-11-28T12:00:00Z");

describe("The shop of the demo tenant", async () => {
  const { actor } = await createUser("shop_seeded", { role: "admin" });
  await seedShop(commerceDb, "shop_seeded", now);

  it("has 90 days behind it, with figures that follow from its orders", async () => {
    await expectExact("shop_seeded");
    const platform = testPlatform({ clock: { now: () => now } });
    const { output } = await perform(getShopDashboard, platform, actor, { query: { days: "91" } });
    expect(output.totals).toMatchObject({ orders: 270, new_customers: 20 });
    expect(output.series.filter(({ orders }) => orders > 0)).toHaveLength(91);
    expect(output.top_products).toHaveLength(10);
    expect(output.orders_by_status).toEqual([
      { status: "cancelled", orders: 30 },
      { status: "completed", orders: 240 },
    ]);
  });

  it("is seeded once, and not into a shop that is there", async () => {
    await seedShop(commerceDb, "shop_seeded", now);
    const { output } = await perform(listOrders, testPlatform(), actor, { query: { limit: "1" } });
    expect(output.orders[0]).toMatchObject({ number: 270, payment_status: "unpaid" });
    const own = await shopOf("shop_of_ones_own");
    await makeOrder(own);
    await seedShop(commerceDb, "shop_of_ones_own", now);
    const listed = await perform(listOrders, testPlatform(), own.keeper.actor, {});
    expect(listed.output.orders).toHaveLength(1);
  });
});
