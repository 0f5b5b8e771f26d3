import { getShopDashboard } from "#src/commerce/index.ts";
import { builder } from "../builder.ts";
import { ask } from "../context.ts";
import { costs } from "../field-cost.ts";
import { idOf } from "../global-id.ts";
import { viewType } from "../view-type.ts";

const money = {
  revenue: "Money",
  refunds: "Money",
  net_revenue: "Money",
  average_order_value: "Money",
  value: "Money",
};

const Dashboard = viewType("ShopDashboard", getShopDashboard.output, {
  names: { ...money, totals: "ShopTotals", previous: "ShopTotals" },
});

/** How the shop does. */
export function addDashboard(): void {
  builder.queryField("dashboard", (t) =>
    t.field({
      type: Dashboard,
      description: getShopDashboard.summary,
      args: { days: t.arg.int(), currency: t.arg.string(), locationId: t.arg.id() },
      extensions: costs(10),
      resolve: (_root, { days, currency, locationId }, context) =>
        ask(context, getShopDashboard, {
          query: {
            days: days ?? undefined,
            currency: currency ?? undefined,
            location_id: locationId ? idOf("Location", locationId, "locationId") : undefined,
          },
        }),
    }),
  );
}
