import { z } from "@hono/zod-openapi";
import { movementReasons, orderStatuses } from "#src/kernel/commerce-words.ts";
import { planShape } from "#src/kernel/questions/plan.ts";
import { shopTopic } from "../topics.ts";
import { checkedTool } from "./checked-tool.ts";
import type { Tool } from "./tool.ts";

const words = z.string().trim().min(1).max(200);
const limit = z.number().int().min(1).max(10).default(5);
const orderId = z.uuid().describe("An order's id, as orders_find gives it");

/** What the tools of the shop take (docs/tools.md#in-the-shop). */
export const shopArguments = {
  "orders.find": z.object({
    number: z.number().int().min(1).optional().describe("The order's number, as a customer says it"),
    customer_id: z.uuid().optional().describe("Whose orders"),
    status: z.enum(orderStatuses).optional(),
    days: z.number().int().min(1).max(400).optional().describe("Made within so many days"),
    limit,
  }),
  "orders.get": z.object({ order_id: orderId }),
  "customers.find": z.object({ words: words.describe("Of the name"), limit }),
  "products.find": z.object({
    words: words.describe("Of the sku, name or description"),
    in_stock: z.boolean().optional().describe("Only what can be sold, or only what cannot"),
    limit,
  }),
  "stock.get": z.object({ product_id: z.uuid().describe("As products_find gives it") }),
  "analytics.query": z.strictObject(planShape),
  "orders.create": z.object({
    customer_id: z.uuid().describe("As customers_find gives it"),
    items: z
      .array(z.object({ product_id: z.uuid(), quantity: z.number().int().min(1).max(10_000) }))
      .min(1)
      .max(20),
    notes: z.string().max(2000).default(""),
  }),
  "orders.cancel": z.object({
    order_id: orderId,
    reason: z.string().trim().min(1).max(500).describe("Why, in a sentence"),
  }),
  "orders.note": z.object({
    order_id: orderId,
    notes: z.string().max(2000).describe("What the order's notes are to be, all of them"),
  }),
  "stock.adjust": z.object({
    product_id: z.uuid(),
    change: z.number().int().min(-10_000).max(10_000).describe("How many there are more, or fewer"),
    reason: z.enum(movementReasons).exclude(["sold", "returned"]).default("counted"),
  }),
} as const satisfies Record<string, z.ZodType<Record<string, unknown>>>;

export type ShopTool = keyof typeof shopArguments;

const descriptions: Record<ShopTool, string> = {
  "orders.find":
    "Finds orders, the latest first: number, id, how they stand, whose they are, what they come to.",
  "orders.get": "Tells everything about an order: its lines, its money, what became of it when.",
  "customers.find": "Finds customers by name.",
  "products.find": "Finds products: id, sku, name, price.",
  "stock.get": "Tells how many of a product can be sold, and where they lie.",
  "analytics.query":
    "Tells figures of orders, products, customers, stock, executions and usage, by a plan of measures, dimensions, filters and a time.",
  "orders.create": "Makes an order. A person is asked first.",
  "orders.cancel": "Cancels an order that is pending or confirmed. A person is asked first.",
  "orders.note": "Writes an order's notes anew. A person is asked first.",
  "stock.adjust": "Changes how many there are of a product. A person is asked first.",
};

/** Tools that change something, for which a person must have allowed the call. */
export const shopChanges = [
  "orders.create",
  "orders.cancel",
  "orders.note",
  "stock.adjust",
] as const satisfies ShopTool[];
export type ShopChange = (typeof shopChanges)[number];
/** Those that only look. */
export type ShopLook = Exclude<ShopTool, ShopChange>;

export const changesShop = (tool: ShopTool): tool is ShopChange => shopChanges.some((each) => each === tool);

export const isShopTool = (name: string): name is ShopTool => Object.hasOwn(shopArguments, name);

/** The tools of the shop: what they do, the owner of the run could do as well. */
export const shopTools: readonly Tool[] = Object.entries(shopArguments).flatMap(([name, schema]) => {
  if (!isShopTool(name)) return [];
  const about = { name, topic: shopTopic, description: descriptions[name] };
  const { read, ...tool } = changesShop(name)
    ? checkedTool({ ...about, action: "change_shop", changes: true }, schema)
    : checkedTool({ ...about, action: name === "analytics.query" ? "query_analytics" : "read_shop" }, schema);
  // Who carries it out is told by its task's input which tool it is.
  const named = (input: unknown): ReturnType<Tool["read"]> => {
    const given = read(input);
    return given.ok ? { ok: true, input: { tool: name, arguments: given.input } } : given;
  };
  return { ...tool, read: named };
});
