import { env } from "cloudflare:workers";
import type { z } from "zod";
import type { createCustomer, createOrder, createProduct } from "#src/commerce/index.ts";
import { database } from "#src/db/client.ts";
import { call, send } from "./api.ts";
import { bodyOf } from "./personas.ts";
import { createUser, type TestUser } from "./users.ts";

export type Order = z.infer<typeof createOrder.output>;
export type Product = z.infer<typeof createProduct.output>;
export type Customer = z.infer<typeof createCustomer.output>;

/** The database of commerce. */
export const commerceDb = database(env.COMMERCE_DB);

let made = 0;

export const makeProduct = async (
  { headers }: TestUser,
  over: Record<string, unknown> = {},
): Promise<Product> => {
  made += 1;
  const body = { sku: `SKU-${made}`, name: `Tea ${made}`, price: { amount: 1099, currency: "EUR" }, ...over };
  return bodyOf<Product>(await send("POST", "/api/v1/products", body, headers), 201);
};

export const makeCustomer = async (
  { headers }: TestUser,
  over: Record<string, unknown> = {},
): Promise<Customer> =>
  bodyOf<Customer>(await send("POST", "/api/v1/customers", { name: "Ada Lovelace", ...over }, headers), 201);

/** Has so many of a product be at the default location. */
export const stockUp = async (
  { headers }: TestUser,
  productId: string,
  counted: number,
  over: Record<string, unknown> = {},
): Promise<void> => {
  const body = { counted, reason: "counted", ...over };
  await bodyOf(await send("POST", `/api/v1/products/${productId}/stock`, body, headers), 200);
};

/** A tenant's shop: whoever keeps it, one location, a product of which there are some, and a customer. */
export async function shopOf(clientId: string, onHand = 100) {
  const keeper = await createUser(clientId, { role: "admin" });
  const { id: locationId } = await bodyOf<{ id: string }>(
    await send("POST", "/api/v1/locations", { name: "Warehouse" }, keeper.headers),
    201,
  );
  const product = await makeProduct(keeper);
  await stockUp(keeper, product.id, onHand);
  const customer = await makeCustomer(keeper);
  return { keeper, locationId, product, customer };
}

export type Shop = Awaited<ReturnType<typeof shopOf>>;

/** Asks for an order. */
export const orderOf = (
  { keeper, product, customer }: Pick<Shop, "keeper" | "product" | "customer">,
  over: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Response> =>
  send(
    "POST",
    "/api/v1/orders",
    { customer_id: customer.id, items: [{ product_id: product.id, quantity: 2 }], ...over },
    { ...keeper.headers, ...headers },
  );

export const makeOrder = async (...of: Parameters<typeof orderOf>): Promise<Order> =>
  bodyOf<Order>(await orderOf(...of), 201);

/** Does something with an order. */
export const act = (
  { headers }: TestUser,
  orderId: string,
  action: string,
  body: unknown = {},
): Promise<Response> => send("POST", `/api/v1/orders/${orderId}/${action}`, body, headers);

/** How many of a product there are at its only location. */
export async function stockOf({ headers }: TestUser, productId: string) {
  const answer = await call(`/api/v1/products/${productId}/stock`, { headers });
  const { stock } = await answer.json<{
    stock: { on_hand: number; reserved: number; available: number }[];
  }>();
  return stock[0];
}
