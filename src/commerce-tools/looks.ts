import { getOrder, listCustomers, listOrders, listProducts, listStock } from "#src/commerce/index.ts";
import { type ShopLook, shopArguments } from "#src/engine/tool-loop/shop-tools.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { askAnalytics } from "#src/questions/index.ts";
import { briefly, wholly } from "./order-facts.ts";
import { fitting } from "./results.ts";
import { checked, type Shop } from "./shop-use.ts";

const dayMs = 86_400_000;

/** What each tool that changes nothing does: the operation that REST and GraphQL have, and of its output what a model needs. */
export const looks: Record<ShopLook, (shop: Shop, given: unknown) => Promise<object>> = {
  "orders.find": checked(
    shopArguments["orders.find"],
    async ({ perform, platform: { clock } }, { days, number, ...given }) => {
      const since = days === undefined ? {} : { date_from: isoTime(clock.now() - days * dayMs) };
      const query = { ...given, ...since, ...(number === undefined ? {} : { number }), expand: "customer" };
      const { orders } = await perform(listOrders, { query });
      const { entries, left_out } = fitting(orders.map(briefly));
      return { orders: entries, left_out };
    },
  ),
  "orders.get": checked(shopArguments["orders.get"], async ({ perform }, { order_id }) =>
    wholly(await perform(getOrder, { params: { order_id }, query: { expand: "items,customer" } })),
  ),
  "customers.find": checked(shopArguments["customers.find"], async ({ perform }, { words: q, limit }) => {
    const { customers } = await perform(listCustomers, { query: { q, limit } });
    const facts = customers.map(({ id, name, tags, orders_count, lifetime_value, last_order_at }) => ({
      ...{ customer_id: id, name, tags, orders_count, lifetime_value, last_order_at },
    }));
    const { entries, left_out } = fitting(facts);
    return { customers: entries, left_out };
  }),
  "products.find": checked(
    shopArguments["products.find"],
    async ({ perform }, { words: q, in_stock, limit }) => {
      const inStock = in_stock === undefined ? {} : { in_stock: String(in_stock) };
      const { products } = await perform(listProducts, { query: { q, limit, ...inStock } });
      const facts = products.map(({ id, sku, name, category, status, price }) => ({
        ...{ product_id: id, sku, name, category, status, price },
      }));
      const { entries, left_out } = fitting(facts);
      return { products: entries, left_out };
    },
  ),
  "stock.get": checked(shopArguments["stock.get"], async ({ perform }, { product_id }) => {
    const { stock } = await perform(listStock, { params: { product_id }, query: {} });
    const { entries, left_out } = fitting(stock);
    return { stock: entries, left_out };
  }),
  "analytics.query": checked(shopArguments["analytics.query"], async ({ perform }, plan) => {
    const output = await perform(askAnalytics, { body: { plan } });
    if (!("rows" in output)) return output;
    const { explanation, currency, columns, rows, matches, truncated } = output;
    const { entries, left_out } = fitting(rows);
    return { explanation, currency, columns, rows: entries, left_out, matches, truncated };
  }),
};
