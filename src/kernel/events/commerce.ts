import { z } from "zod";
import { entry } from "./entry.ts";

const money = z.object({ amount: z.number().int().describe("In minor units"), currency: z.string() });

const order = {
  order_id: z.string(),
  number: z.number().int(),
  status: z.string(),
  previous_status: z.string().nullable().describe("Before it happened; null of a new one"),
  payment_status: z.string(),
  customer_id: z.string(),
  total: money,
  source: z.string().describe("The way it came in"),
  version: z.number().int(),
  run_id: z.string().optional().describe("Run of a persona that has done it"),
};

const someOrder = {
  order_id: "01934f5c-91d2-7e4a-b0c8-6a5f3d2e1b09",
  number: 1042,
  previous_status: "pending",
  payment_status: "unpaid",
  customer_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697887",
  total: { amount: 2198, currency: "EUR" },
  source: "api",
  version: 2,
};

const product = z.object({
  product_id: z.string(),
  sku: z.string(),
  name: z.string(),
  status: z.string(),
  price: money,
  version: z.number().int(),
});

const someProduct = {
  product_id: "01934f5c-91d2-7e4a-b0c8-6a5f3d2e1b09",
  sku: "TEA-OOLONG-100",
  name: "Oolong, 100 g",
  status: "active",
  price: { amount: 1099, currency: "EUR" },
  version: 1,
};

const stock = {
  product_id: z.string(),
  location_id: z.string(),
  on_hand: z.number().int(),
  reserved: z.number().int(),
  available: z.number().int(),
  run_id: z.string().optional().describe("Run of a persona that has done it"),
};

const someStock = {
  product_id: "01934f5c-91d2-7e4a-b0c8-6a5f3d2e1b09",
  location_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697887",
  on_hand: 100,
  reserved: 2,
  available: 98,
};

const customer = { customer_id: z.string(), version: z.number().int() };
const someCustomer = { customer_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697887", version: 2 };

const ofOrder = (about: string, status: string) =>
  entry({
    about,
    entity: "order",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someOrder, status },
    data: z.object(order),
  });

const ofProduct = (about: string, status = "active") =>
  entry({
    about,
    entity: "product",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someProduct, status },
    data: product,
  });

/** What happens to orders, products and customers: ids, states and figures, nothing personal. */
export const commerceEvents = {
  "order.created": entry({
    about: "An order was made.",
    entity: "order",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someOrder, status: "pending", previous_status: null, version: 1 },
    data: z.object(order),
  }),
  "order.updated": entry({
    about: "An order's lines, notes or address changed.",
    entity: "order",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someOrder, status: "pending", changed: ["notes"] },
    data: z.object({ ...order, changed: z.array(z.string()) }),
  }),
  "order.confirmed": ofOrder("An order was confirmed.", "confirmed"),
  "order.fulfilled": ofOrder("An order was fulfilled: what it is of is gone.", "fulfilled"),
  "order.completed": ofOrder("An order was completed.", "completed"),
  "order.cancelled": ofOrder("An order was cancelled, or nobody confirmed it in time.", "cancelled"),
  "order.returned": ofOrder("An order came back.", "returned"),
  "order.payment.recorded": entry({
    about: "Something was paid for an order, or given back.",
    entity: "order",
    seenBy: "commerce",
    webhooks: true,
    sample: {
      ...someOrder,
      status: "confirmed",
      payment_id: "01934f5c-8f10-7a2b-9e3d-1c4b5a697888",
      kind: "charge",
      amount: { amount: 2198, currency: "EUR" },
    },
    data: z.object({ ...order, payment_id: z.string(), kind: z.string(), amount: money }),
  }),
  "product.created": ofProduct("A product was made."),
  "product.updated": ofProduct("A product changed."),
  "product.archived": ofProduct("A product is ordered no more.", "archived"),
  "product.stock.changed": entry({
    about: "Somebody has said how many of a product there are; what orders do to it, they say themselves.",
    entity: "product",
    seenBy: "commerce",
    webhooks: true,
    sample: someStock,
    data: z.object(stock),
  }),
  "product.stock.low": entry({
    about: "What is available of a product has fallen to its mark, or below; once each time it does.",
    entity: "product",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someStock, on_hand: 4, available: 2, low_stock_at: 3 },
    data: z.object({ ...stock, low_stock_at: z.number().int() }),
  }),
  "customer.created": entry({
    about: "A customer was made.",
    entity: "customer",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someCustomer, version: 1 },
    data: z.object(customer),
  }),
  "customer.updated": entry({
    about: "A customer changed.",
    entity: "customer",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someCustomer, changed: ["tags"] },
    data: z.object({ ...customer, changed: z.array(z.string()) }),
  }),
  "customer.deleted": entry({
    about: "What was known of a customer is gone.",
    entity: "customer",
    seenBy: "commerce",
    webhooks: true,
    sample: { ...someCustomer, changed: [] },
    data: z.object({ ...customer, changed: z.array(z.string()) }),
  }),
};
