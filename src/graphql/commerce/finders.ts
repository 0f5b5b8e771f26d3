import {
  getCustomer,
  getLocation,
  getOrder,
  getProduct,
  listCustomers,
  listOrders,
  listProducts,
} from "#src/commerce/index.ts";
import { ask, oncePerRequest } from "../context.ts";
import { together } from "../together.ts";

export const findOrder = oncePerRequest((context, id) =>
  ask(context, getOrder, { params: { order_id: id }, query: {} }),
);
export const findProduct = oncePerRequest((context, id) =>
  ask(context, getProduct, { params: { product_id: id } }),
);
export const findCustomer = oncePerRequest((context, id) =>
  ask(context, getCustomer, { params: { customer_id: id } }),
);
export const findLocation = oncePerRequest((context, id) =>
  ask(context, getLocation, { params: { location_id: id } }),
);

const query = (ids: readonly string[]) => ({ ids: ids.join(","), limit: 100 });

/** The product of a line, whatever has become of it. */
export const productOf = together(async (context, ids) => {
  return (await ask(context, listProducts, { query: query(ids) })).products;
});

/** Whose an order is, whatever is left of them. */
export const customerOf = together(async (context, ids) => {
  return (await ask(context, listCustomers, { query: query(ids) })).customers;
});

/** An order with its lines, which lists do not tell. */
export const orderWithItems = together(async (context, ids) => {
  return (await ask(context, listOrders, { query: { ...query(ids), expand: "items" } })).orders;
});
