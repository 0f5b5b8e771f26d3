import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { dayIn, shopSettings } from "../tenant-day.ts";
import {
  currenciesOf,
  customerFigures,
  lowStock,
  orderFigures,
  ordersByStatus,
  topCustomers,
  topProducts,
} from "./dashboard-repository.ts";
import { changesOf, type Totals, totalsOf } from "./figures.ts";
import { daysOf, type Period, periodBefore, periodUpTo } from "./period.ts";
import { shopDashboardQuery, shopDashboardSchema } from "./schemas.ts";

/** What amounts are in where nothing was ordered; all of them are 0. */
const noCurrency = "XXX";

const withMoney = (totals: Totals, currency: string) => {
  const money = (amount: number) => ({ amount, currency });
  return {
    ...totals,
    revenue: money(totals.revenue),
    refunds: money(totals.refunds),
    net_revenue: money(totals.net_revenue),
    average_order_value: money(totals.average_order_value),
  };
};

const inPeriod =
  ({ from, to }: Period) =>
  ({ day }: { day: string }): boolean =>
    day >= from && day <= to;

export const getShopDashboard = operation({
  name: "getShopDashboard",
  summary: "How the shop does: the last days, against as many before",
  description: "What it costs does not grow with orders or customers: it reads what each change has counted.",
  input: z.object({ query: shopDashboardQuery }),
  output: shopDashboardSchema,
  run: async (platform, { clientId }, { query }) => {
    const { commerce, clock } = platform;
    const { db } = commerce;
    const { timeZone } = await shopSettings(platform, clientId);
    const period = periodUpTo(dayIn(timeZone, clock.now()), query.days);
    const before = periodBefore(period, query.days);
    const both = { from: before.from, to: period.to };
    const currencies = (await currenciesOf(db, clientId, both)).map(({ currency }) => currency);
    const currency = query.currency ?? currencies[0] ?? noCurrency;
    const [figures, people, products, customers, statuses, low] = await db.batch([
      orderFigures(db, clientId, both, { currency, locationId: query.location_id }),
      customerFigures(db, clientId, both),
      topProducts(db, clientId, period, currency),
      topCustomers(db, clientId, currency),
      ordersByStatus(db, clientId),
      lowStock(db, clientId),
    ]);
    const totalsIn = (of: Period) => totalsOf(figures.filter(inPeriod(of)), people.filter(inPeriod(of)));
    const [totals, previous] = [totalsIn(period), totalsIn(before)];
    const money = (amount: number) => ({ amount, currency });
    const byDay = new Map(figures.map((row) => [row.day, row]));
    return {
      period: { ...period, days: query.days, time_zone: timeZone },
      currency: currency === noCurrency ? null : currency,
      currencies,
      totals: withMoney(totals, currency),
      previous: withMoney(previous, currency),
      change: changesOf(totals, previous),
      series: daysOf(period).map((day) => ({
        day,
        orders: byDay.get(day)?.orders ?? 0,
        revenue: money(byDay.get(day)?.gross ?? 0),
      })),
      top_products: products.map((row) => ({ ...row, revenue: money(row.revenue) })),
      top_customers: customers.map((row) => ({ ...row, value: money(row.value) })),
      orders_by_status: statuses,
      low_stock: low,
    };
  },
});
