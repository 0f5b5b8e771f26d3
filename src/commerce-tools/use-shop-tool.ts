import type { z } from "@hono/zod-openapi";
import {
  adjustStock,
  cancelOrder,
  createOrder,
  getOrder,
  listCustomers,
  listOrders,
  listProducts,
  listStock,
  updateOrder,
} from "#src/commerce/index.ts";
import { changesShop, isShopTool, type ShopTool, shopArguments } from "#src/engine/tool-loop/shop-tools.ts";
import { validationError } from "#src/http/error-response.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { ToolCall } from "#src/objects/tool-calls.ts";
import type { Operation } from "#src/operation/operation.ts";
import { perform, type RawInput } from "#src/operation/perform.ts";
import type { Platform } from "#src/platform.ts";
import { answerQuestion, askAnalytics } from "#src/questions/index.ts";
import { briefly, wholly } from "./order-facts.ts";
import { personaAtWork } from "./persona-at-work.ts";
import { fitting } from "./results.ts";

/** Carries out an operation as the persona, once for the task that it is asked by. */
type Do = <I extends z.ZodObject, O extends z.ZodType>(
  operation: Operation<I, O, Account>,
  input: RawInput,
) => Promise<z.output<O>>;

interface Shop {
  perform: Do;
  /** Epoch milliseconds. */
  now: number;
}

/** What is done with arguments that have been checked. */
const doing =
  <S extends z.ZodType>(schema: S, run: (shop: Shop, given: z.output<S>) => Promise<object>) =>
  (given: unknown) => {
    const { data, error } = schema.safeParse(given);
    if (error) throw validationError(error.issues);
    return (shop: Shop) => run(shop, data);
  };

const dayMs = 86_400_000;

/** What each tool does: the operation that REST and GraphQL have, and of its output what a model needs. */
const tools: Record<ShopTool, ReturnType<typeof doing>> = {
  "orders.find": doing(shopArguments["orders.find"], async ({ perform, now }, { days, number, ...given }) => {
    const since = days === undefined ? {} : { date_from: isoTime(now - days * dayMs) };
    const query = { ...given, ...since, ...(number === undefined ? {} : { number }), expand: "customer" };
    const { orders } = await perform(listOrders, { query });
    const { entries, left_out } = fitting(orders.map(briefly));
    return { orders: entries, left_out };
  }),
  "orders.get": doing(shopArguments["orders.get"], async ({ perform }, { order_id }) =>
    wholly(await perform(getOrder, { params: { order_id }, query: { expand: "items,customer" } })),
  ),
  "customers.find": doing(shopArguments["customers.find"], async ({ perform }, { words: q, limit }) => {
    const { customers } = await perform(listCustomers, { query: { q, limit } });
    const facts = customers.map(({ id, name, tags, orders_count, lifetime_value, last_order_at }) => ({
      ...{ customer_id: id, name, tags, orders_count, lifetime_value, last_order_at },
    }));
    const { entries, left_out } = fitting(facts);
    return { customers: entries, left_out };
  }),
  "products.find": doing(
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
  "stock.get": doing(shopArguments["stock.get"], async ({ perform }, { product_id }) => {
    const { stock } = await perform(listStock, { params: { product_id }, query: {} });
    const { entries, left_out } = fitting(stock);
    return { stock: entries, left_out };
  }),
  "analytics.query": doing(shopArguments["analytics.query"], async ({ perform }, plan) => {
    const output = await perform(askAnalytics, { body: { plan } });
    if (!("rows" in output)) return output;
    const { explanation, currency, columns, rows, matches, truncated } = output;
    const { entries, left_out } = fitting(rows);
    return { explanation, currency, columns, rows: entries, left_out, matches, truncated };
  }),
  "orders.create": doing(shopArguments["orders.create"], async ({ perform }, body) =>
    wholly(await perform(createOrder, { body })),
  ),
  "orders.cancel": doing(shopArguments["orders.cancel"], async ({ perform }, { order_id, reason }) =>
    wholly(await perform(cancelOrder, { params: { order_id }, body: { reason } })),
  ),
  "orders.note": doing(shopArguments["orders.note"], async ({ perform }, { order_id, notes }) =>
    wholly(await perform(updateOrder, { params: { order_id }, body: { notes } })),
  ),
  "stock.adjust": doing(shopArguments["stock.adjust"], async ({ perform }, { product_id, change, reason }) =>
    perform(adjustStock, { params: { product_id }, body: { change, reason } }),
  ),
};

/**
 * Carries out a call of a tool of the shop, once for its task, by the rights that the owner of its run has now
 * (docs/tools.md#in-the-shop).
 * @throws AppError what the operation refuses; `INSUFFICIENT_PERMISSIONS` for a change that no person has allowed
 */
export async function useShopTool(platform: Platform, call: ToolCall): Promise<object> {
  const { tool, arguments: given } = call.input;
  // Of the analyst's run alone: no model has a tool of this name, and no plan that somebody writes has a way here.
  if (tool === "analytics.answer")
    return answerQuestion(platform, await personaAtWork(platform, call), call.runId, given);
  if (typeof tool !== "string" || !isShopTool(tool))
    throw new AppError("NOT_FOUND", { message: "There is no such tool" });
  if (changesShop(tool) && !call.isAllowed)
    throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "A person is to allow this first" });
  const run = tools[tool](given);
  const actor = await personaAtWork(platform, call);
  const idempotencyKey = `task:${call.taskId}`;
  return run({
    now: platform.clock.now(),
    perform: async (operation, input) =>
      (await perform(operation, platform, actor, input, { idempotencyKey })).output,
  });
}
