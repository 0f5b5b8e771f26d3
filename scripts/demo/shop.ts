import { type ApiClient, dataOf, signIn } from "#client/index.ts";
import { demo } from "../local/options.ts";
import { askOrderDesk } from "./order-desk.ts";

const lasting = { currency: "EUR" };
const euros = (amount: number): string => `${(amount / 100).toFixed(2)} EUR`;

/** What the demo tenant sells, and to whom: `npm start` has seeded it. */
async function openShop(api: ApiClient) {
  const query = { limit: 100 };
  const { products } = dataOf(
    await api.GET("/api/v1/products", { params: { query: { ...query, category: "demo" } } }),
  );
  const { customers } = dataOf(
    await api.GET("/api/v1/customers", { params: { query: { ...query, tag: "demo" } } }),
  );
  if (products.length === 0 || customers.length === 0)
    throw new Error("The demo tenant has no shop: npm run reset, then npm start");
  return { products, customers: customers.slice(0, 5) };
}

/** Drives the demo tenant's shop: orders, what becomes of them, a persona that customers ask, a crowd that wants the last pieces, and the figures. */
export async function keepShop(baseUrl: string): Promise<void> {
  const client = await signIn(demo.accounts[0], { baseUrl });
  const { api } = client;
  const { products, customers } = await openShop(api);
  const line = (text: string) => console.log(text);
  line(`The shop has ${products.length} products and ${customers.length} customers.\n`);
  for (const [index, customer] of customers.entries()) {
    const items = products
      .slice(index, index + 3)
      .map(({ id }, at) => ({ product_id: id, quantity: 1 + at }));
    const order = dataOf(await api.POST("/api/v1/orders", { body: { customer_id: customer.id, items } }));
    const params = { path: { order_id: order.id } };
    dataOf(await api.POST("/api/v1/orders/{order_id}/confirm", { params }));
    const done =
      index % 2 === 0 ? dataOf(await api.POST("/api/v1/orders/{order_id}/fulfil", { params })) : order;
    line(
      `Order ${order.number} of ${customer.name}: ${euros(order.total.amount)}, ${done.status === "pending" ? "confirmed" : done.status}`,
    );
  }
  const [first] = customers;
  if (!first) throw new Error("Nobody buys here");
  const items = products.slice(0, 1).map(({ id }) => ({ product_id: id, quantity: 1 }));
  const wanted = dataOf(await api.POST("/api/v1/orders", { body: { customer_id: first.id, items } }));
  await askOrderDesk(client, wanted.number);
  await crowd(api, first.id);
  const { totals, top_products } = dataOf(
    await api.GET("/api/v1/analytics/dashboard", { params: { query: { days: 7 } } }),
  );
  line(
    `\nIn seven days: ${totals.orders} orders, ${euros(totals.revenue.amount)}, ${totals.items_sold} sold`,
  );
  for (const { name, quantity, revenue } of top_products.slice(0, 3))
    line(`  ${name}: ${quantity} for ${euros(revenue.amount)}`);
}

/** Twenty who want one of five, at once: five have it. */
async function crowd(api: ApiClient, customerId: string): Promise<void> {
  const sku = `DEMO-LAST-${Date.now()}`;
  const body = { sku, name: "The last of the harvest", price: { amount: 4990, ...lasting } };
  const { id } = dataOf(await api.POST("/api/v1/products", { body }));
  const params = { path: { product_id: id } };
  dataOf(
    await api.POST("/api/v1/products/{product_id}/stock", {
      params,
      body: { counted: 5, reason: "counted" },
    }),
  );
  const order = { customer_id: customerId, items: [{ product_id: id, quantity: 1 }] };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => api.POST("/api/v1/orders", { body: order })),
  );
  const made = answers.filter(({ response }) => response.status === 201).length;
  const refused = answers.filter(({ response }) => response.status === 409).length;
  console.log(`\nTwenty want one of the last five at once: ${made} orders are made, ${refused} are refused.`);
  if (made !== 5 || refused !== 15)
    throw new Error("The shop has sold what it does not have, or kept what it has");
}
