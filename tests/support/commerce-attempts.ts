import { v7 as uuidv7 } from "uuid";
import { send } from "./api.ts";
import type { Asking, Attempt } from "./attempts.ts";
import { bodyOf } from "./personas.ts";
import { act, makeCustomer, makeOrder, makeProduct, stockUp } from "./shop.ts";

/** An order of the world's, that has come as far as some actions bring it. */
const orderAfter =
  (...actions: string[]) =>
  async ({ world: { admin } }: Asking): Promise<Attempt> => {
    const product = await makeProduct(admin);
    await stockUp(admin, product.id, 10);
    const customer = await makeCustomer(admin);
    const { id } = await makeOrder({ keeper: admin, product, customer });
    for (const action of actions) await bodyOf(await act(admin, id, action), 200);
    return { headers: admin.headers, ids: { order_id: id } };
  };

const asKeeper = async ({ world }: Asking): Promise<Attempt> => ({ headers: world.admin.headers });

/** What to ask of commerce instead of what is made up. */
export const commerceAttempts: Record<string, (asking: Asking) => Promise<Attempt>> = {
  createOrder: async ({ world: { admin, ids } }) => ({
    headers: admin.headers,
    json: { customer_id: ids.customer_id, items: [{ product_id: ids.product_id, quantity: 1 }] },
  }),
  confirmOrder: orderAfter(),
  fulfilOrder: orderAfter("confirm"),
  completeOrder: orderAfter("confirm", "fulfil"),
  returnOrder: orderAfter("confirm", "fulfil"),
  cancelOrder: orderAfter(),
  createOrderPayment: async (asking) => {
    const { headers, ids } = await orderAfter()(asking);
    return { ids, headers: { ...headers, "idempotency-key": uuidv7() } };
  },
  askAnalytics: async ({ world: { admin } }) => ({
    headers: admin.headers,
    json: { plan: { dataset: "orders", measures: ["count"], time: { last_days: 7 } } },
  }),
  createProduct: asKeeper,
  createCustomer: asKeeper,
  createLocation: async ({ world }) => ({ headers: world.admin.headers, json: { name: uuidv7() } }),
  deleteLocation: async ({ world: { admin } }) => {
    const { id } = await bodyOf<{ id: string }>(
      await send("POST", "/api/v1/locations", { name: uuidv7() }, admin.headers),
      201,
    );
    return { headers: admin.headers, ids: { location_id: id } };
  },
  deleteProduct: async ({ world: { admin } }) => ({
    headers: admin.headers,
    ids: { product_id: (await makeProduct(admin)).id },
  }),
  deleteCustomer: async ({ world: { admin } }) => ({
    headers: admin.headers,
    ids: { customer_id: (await makeCustomer(admin)).id },
  }),
};
