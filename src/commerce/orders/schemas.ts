import { z } from "@hono/zod-openapi";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { pageFields } from "#src/http/page.ts";
import { orderSources, orderStatuses, paymentKinds, paymentStatuses } from "#src/kernel/commerce-words.ts";
import { addressSchema, customerSchema } from "../customers/schemas.ts";
import { anyOf, idsParameter, listQuery } from "../list-query.ts";
import { amountSchema, moneySchema } from "../money.ts";

const time = z.iso.datetime();
const money = (description: string) => moneySchema.openapi({ description });
const quantity = z.number().int().min(1).max(10_000).openapi({ description: "How many of it" });
const notes = z.string().max(2000).openapi({ description: "What is to be known of it" });
const shippingAddress = z.union([addressSchema, z.null()]).openapi({ description: "Where it goes" });

export const orderItemSchema = z
  .object({
    line: z.number().int().openapi({ description: "Which line, from 1" }),
    product_id: z.uuid(),
    sku: z.string().openapi({ description: "As the product had it when it was ordered" }),
    name: z.string().openapi({ description: "As the product had it when it was ordered" }),
    quantity: z.number().int().openapi({ description: "How many of it" }),
    unit_price: money("What one of it cost"),
    total: money("What the line comes to"),
  })
  .openapi("OrderItem");

export const orderSchema = z
  .object({
    id: z.uuid(),
    number: z
      .number()
      .int()
      .openapi({ description: "Counts up within the tenant, without gaps", example: 1042 }),
    status: z.enum(orderStatuses),
    payment_status: z.enum(paymentStatuses).openapi({ description: "What its ledger says" }),
    customer_id: z.uuid().openapi({ description: "Whose order it is" }),
    location_id: z.uuid().openapi({ description: "Where it is fulfilled from" }),
    currency: z.string(),
    subtotal: money("What its lines come to"),
    discount: money("What is taken off"),
    tax: money("Tax"),
    shipping: money("What sending it costs"),
    total: money("What it comes to"),
    paid: money("What has been paid"),
    refunded: money("What has been given back"),
    notes,
    shipping_address: z
      .union([addressSchema, z.null()])
      .openapi({ description: "Where it goes; in clear to who holds `customers.contact`, else its country" }),
    source: z.enum(orderSources).openapi({ description: "The way it came in" }),
    created_by: z.string().nullable().openapi({ description: "Account that made it" }),
    run_id: z.string().nullable().openapi({ description: "Run that made it" }),
    instance_id: z.string().nullable(),
    reserved_until: time.nullable().openapi({
      description:
        "Until when, while it is pending, what it is of is held for it; null for as long as it is pending",
    }),
    cancel_reason: z.string().nullable().openapi({ description: "Why it was cancelled" }),
    version: z.number().int(),
    created_at: time,
    updated_at: time,
    confirmed_at: time.nullable().openapi({ description: "When it was confirmed" }),
    fulfilled_at: time.nullable().openapi({ description: "When it was fulfilled" }),
    completed_at: time.nullable(),
    cancelled_at: time.nullable().openapi({ description: "When it was cancelled" }),
    returned_at: time.nullable().openapi({ description: "When it came back" }),
    items: z
      .array(orderItemSchema)
      .optional()
      .openapi({ description: "Its lines; in lists with `expand=items`" }),
    customer: customerSchema.optional().openapi({ description: "Whose order it is, with `expand=customer`" }),
  })
  .openapi("Order");

export const orderListSchema = z
  .object({ orders: z.array(orderSchema).openapi({ description: "Orders" }), ...pageFields })
  .openapi("OrderList");

export const orderParams = z.object({ order_id: z.uuid() });

export const orderSorts = ["-created_at", "created_at", "-total", "total"] as const;
const expansions = ["items", "customer"] as const;

const expand = z
  .string()
  .transform((text) => text.split(","))
  .pipe(z.array(z.enum(expansions)))
  .default([])
  .openapi({
    type: "string",
    description: "What is told with each: `items`, `customer`, or both with a comma",
    example: "items",
  });

export const listOrdersQuery = listQuery().extend({
  ids: idsParameter,
  status: anyOf(orderStatuses, "How they stand; several may be said"),
  payment_status: z.enum(paymentStatuses).optional().openapi({ description: "What their ledgers say" }),
  customer_id: z.uuid().optional().openapi({ description: "Whose they are" }),
  location_id: z.uuid().optional().openapi({ description: "Where they are fulfilled from" }),
  source: z.enum(orderSources).optional().openapi({ description: "The way they came in" }),
  instance_id: z.uuid().optional(),
  date_from: periodStart.optional(),
  date_to: periodEnd.optional(),
  number: z.coerce.number().int().min(1).optional().openapi({ description: "The one of this number" }),
  min_total: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .openapi({ description: "What they come to at least, in minor units" }),
  max_total: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .openapi({ description: "What they come to at most, in minor units" }),
  sort: z
    .enum(orderSorts)
    .default("-created_at")
    .openapi({ description: "What comes first: the latest unless said" }),
  expand,
});

export type ListOrders = z.infer<typeof listOrdersQuery>;

export const getOrderQuery = z.strictObject({ expand });

const itemInput = z
  .strictObject({
    product_id: z.uuid(),
    quantity,
    unit_price: z
      .union([moneySchema, z.number().min(0).max(Number.MAX_SAFE_INTEGER)])
      .optional()
      .openapi({
        description:
          "What one costs, where it is not the product's price: needs `commerce.manage`. Older bodies say it as a decimal number of whole units",
      }),
  })
  .openapi("NewOrderItem");

const items = z.array(itemInput).min(1).max(100).openapi({ description: "What is ordered" });
const charge = (description: string) =>
  amountSchema
    .default(0)
    .openapi({ description: `${description}, in minor units of the products' currency` });

export const createOrderSchema = z
  .strictObject({
    customer_id: z.uuid().openapi({ description: "Who orders" }),
    location_id: z
      .uuid()
      .optional()
      .openapi({ description: "Where it is fulfilled from; the default one unless it is said" }),
    items,
    discount: charge("What is taken off"),
    tax: charge("Tax"),
    shipping: charge("What sending it costs"),
    notes: notes.default(""),
    shipping_address: shippingAddress.default(null),
    expected_total: moneySchema.optional(),
  })
  .openapi("CreateOrder", {
    example: {
      customer_id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c",
      items: [{ product_id: "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c", quantity: 2 }],
    },
  });

const version = z
  .number()
  .int()
  .min(1)
  .optional()
  .openapi({ description: "The version that was decided on; refused where it is another" });

export const updateOrderSchema = z
  .strictObject({
    notes: notes.optional(),
    shipping_address: shippingAddress.optional(),
    items: items.optional(),
    version,
  })
  .openapi("UpdateOrder", { example: { notes: "Leave it at the door" } });

/** What goes with an action: `version` with any. */
export const actionBody = z.strictObject({ version }).openapi("OrderAction", { example: {} });
export const cancelOrderSchema = z
  .strictObject({
    version,
    reason: z.string().max(500).nullable().default(null).openapi({ description: "Why" }),
  })
  .openapi("CancelOrder", { example: { reason: "Ordered twice" } });
export const returnOrderSchema = z
  .strictObject({
    version,
    restock: z.boolean().default(true).openapi({ description: "Whether it can be sold again" }),
  })
  .openapi("ReturnOrder", { example: { restock: true } });

export const paymentSchema = z
  .object({
    id: z.uuid(),
    order_id: z.uuid().openapi({ description: "Which order it is of" }),
    kind: z.enum(paymentKinds),
    amount: money("How much"),
    method: z.string().openapi({ description: "How it was paid", example: "card" }),
    reference: z.string().nullable().openapi({ description: "What it is called where it was paid" }),
    actor_id: z.string().nullable(),
    created_at: time,
  })
  .openapi("OrderPayment");

export const paymentListSchema = z
  .object({ payments: z.array(paymentSchema).openapi({ description: "Oldest first" }), ...pageFields })
  .openapi("OrderPaymentList");

export const createPaymentSchema = z
  .strictObject({
    kind: z.enum(paymentKinds).default("charge"),
    amount: amountSchema.min(1),
    method: z.string().trim().min(1).max(50).openapi({ description: "How it was paid", example: "card" }),
    reference: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .nullable()
      .default(null)
      .openapi({ description: "What it is called where it was paid" }),
  })
  .openapi("CreateOrderPayment", { example: { kind: "charge", amount: 1099, method: "card" } });

export const orderEventSchema = z
  .object({
    id: z.uuid(),
    action: z.string().openapi({ description: "What has happened", example: "order.confirmed" }),
    actor_id: z
      .string()
      .nullable()
      .openapi({ description: "Who has done it; nobody of what came by itself" }),
    via: z.string().openapi({ description: "The way it came in", example: "rest" }),
    details: z.record(z.string(), z.unknown()),
    created_at: time,
  })
  .openapi("OrderEvent");

export const orderEventListSchema = z
  .object({ events: z.array(orderEventSchema).openapi({ description: "Oldest first" }), ...pageFields })
  .openapi("OrderEventList");

export type CreateOrder = z.infer<typeof createOrderSchema>;
export type OrderItemInput = z.infer<typeof itemInput>;
export type UpdateOrder = z.infer<typeof updateOrderSchema>;
