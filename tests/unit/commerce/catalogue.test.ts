import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import {
  act,
  type Customer,
  makeCustomer,
  makeOrder,
  makeProduct,
  type Order,
  type Product,
  shopOf,
  stockOf,
  stockUp,
} from "../../support/shop.ts";
import { createUser } from "../../support/users.ts";

const statusOf = async (method: string, path: string, body: unknown, headers: Record<string, string>) =>
  (await send(method, path, body, headers)).status;

describe("Products", async () => {
  const { keeper } = await shopOf("catalogue_products");
  const { headers } = keeper;
  const names = async (query: string) => {
    const answer = await call(`/api/v1/products?${query}`, { headers });
    return (await bodyOf<{ products: Product[] }>(answer, 200)).products.map(({ name }) => name);
  };

  it("have a sku of their own in the tenant, in capitals or not", async () => {
    const { sku } = await makeProduct(keeper, { sku: "Unique-1" });
    const body = { sku: sku.toLowerCase(), name: "Other", price: { amount: 1, currency: "EUR" } };
    expect(await statusOf("POST", "/api/v1/products", body, headers)).toBe(409);
    const other = await createUser("catalogue_elsewhere", { role: "admin" });
    expect(await statusOf("POST", "/api/v1/products", body, other.headers)).toBe(201);
  });

  it("are found by words of them, by status, category and whether there are any", async () => {
    const gone = await makeProduct(keeper, {
      name: "Sencha from Uji",
      category: "green",
      description: "A fresh cup",
    });
    const there = await makeProduct(keeper, { name: "Sencha from Kagoshima", category: "green" });
    await stockUp(keeper, there.id, 1);
    expect(await names("q=senc")).toEqual([there.name, gone.name]);
    expect(await names("q=fresh%20uji")).toEqual([gone.name]);
    expect(await names('q="*%20OR%20:')).toEqual([]);
    expect(await names("category=green&in_stock=true")).toEqual([there.name]);
    expect(await names("category=green&in_stock=false")).toEqual([gone.name]);
    expect(await statusOf("DELETE", `/api/v1/products/${gone.id}`, undefined, headers)).toBe(204);
    expect(await names("category=green&status=archived")).toEqual([gone.name]);
  });

  it("refuse a change that was decided on another version", async () => {
    const { id } = await makeProduct(keeper);
    const path = `/api/v1/products/${id}`;
    await bodyOf(await send("PATCH", path, { name: "Renamed", version: 1 }, headers), 200);
    const late = await send("PATCH", path, { name: "Late", version: 1 }, headers);
    expect([late.status, await late.json()]).toMatchObject([409, { details: { version: 2 } }]);
  });

  it("are counted, and never fewer than orders hold", async () => {
    const shop = await shopOf("catalogue_stock", 5);
    const { id } = shop.product;
    await makeOrder(shop);
    const path = `/api/v1/products/${id}/stock`;
    const refused = await send("POST", path, { counted: 1 }, shop.keeper.headers);
    expect(await refused.json()).toMatchObject({
      error: "INSUFFICIENT_STOCK",
      details: { on_hand: 5, reserved: 2 },
    });
    expect(await statusOf("POST", path, { change: -4 }, shop.keeper.headers)).toBe(409);
    await bodyOf(await send("POST", path, { change: -3, reason: "damaged" }, shop.keeper.headers), 200);
    expect(await stockOf(shop.keeper, id)).toMatchObject({ on_hand: 2, reserved: 2, available: 0 });
    expect(await statusOf("POST", path, { change: 1, counted: 1 }, shop.keeper.headers)).toBe(400);
  });
});

describe("Locations", async () => {
  const shop = await shopOf("catalogue_locations");
  const { headers } = shop.keeper;

  it("are deleted when nothing lies there and no order is from there; the default stays", async () => {
    const make = async (body: object) =>
      bodyOf<{ id: string; is_default: boolean }>(
        await send("POST", "/api/v1/locations", body, headers),
        201,
      );
    const side = await make({ name: "Side" });
    expect(side.is_default).toBe(false);
    expect(await statusOf("POST", "/api/v1/locations", { name: "SIDE" }, headers)).toBe(409);
    await stockUp(shop.keeper, shop.product.id, 2, { location_id: side.id });
    const { id } = await makeOrder(shop, { location_id: side.id });
    const path = `/api/v1/locations/${side.id}`;
    expect(await statusOf("DELETE", path, undefined, headers)).toBe(409);
    for (const action of ["confirm", "fulfil"]) await bodyOf(await act(shop.keeper, id, action), 200);
    expect(await statusOf("DELETE", `/api/v1/locations/${shop.locationId}`, undefined, headers)).toBe(409);
    expect(await statusOf("DELETE", path, undefined, headers)).toBe(204);
    expect((await call(path, { headers })).status).toBe(404);
    const main = await make({ name: "Main", is_default: true });
    const { locations } = await bodyOf<{ locations: { id: string; is_default: boolean }[] }>(
      await call("/api/v1/locations", { headers }),
      200,
    );
    expect(locations.filter(({ is_default }) => is_default).map(({ id: one }) => one)).toEqual([main.id]);
  });
});

describe("Customers", async () => {
  const shop = await shopOf("catalogue_customers");
  const { headers } = shop.keeper;
  const contact = {
    email: "ada@example.com",
    phone: "+44 20 7946 0958",
    address: { line1: "12 St James's Square", city: "London", country: "GB" },
  };

  it("are shown masked to who may not see how to reach them, and are not found by it", async () => {
    const ada = await makeCustomer(shop.keeper, contact);
    const reader = await createUser("catalogue_customers", { permissions: ["commerce.read"] });
    const path = `/api/v1/customers/${ada.id}`;
    expect(await bodyOf(await call(path, { headers: reader.headers }), 200)).toMatchObject({
      name: "Ada Lovelace",
      email: "a•••@example.com",
      phone: "•••58",
      address: { country: "GB" },
    });
    const found = `/api/v1/customers?email=${contact.email.toUpperCase()}`;
    expect((await call(found, { headers: reader.headers })).status).toBe(403);
    const { customers } = await bodyOf<{ customers: Customer[] }>(await call(found, { headers }), 200);
    expect(customers).toMatchObject([{ id: ada.id, ...contact }]);
    expect(await statusOf("POST", "/api/v1/customers", { name: "Twin", email: contact.email }, headers)).toBe(
      409,
    );
  });

  it("know what they have ordered, and lose everything else when they are removed", async () => {
    const customer = await makeCustomer(shop.keeper, { name: "Grace Hopper", tags: ["navy"] });
    const order = await makeOrder({ ...shop, customer }, { shipping_address: contact.address });
    const path = `/api/v1/customers/${customer.id}`;
    expect(await bodyOf(await call(path, { headers }), 200)).toMatchObject({
      orders_count: 1,
      lifetime_value: [order.total],
      last_order_at: order.created_at,
    });
    const { customers } = await bodyOf<{ customers: Customer[] }>(
      await call("/api/v1/customers?q=hop&tag=navy&min_orders=1", { headers }),
      200,
    );
    expect(customers.map(({ id }) => id)).toEqual([customer.id]);
    expect(await statusOf("DELETE", path, undefined, headers)).toBe(204);
    expect((await call(path, { headers })).status).toBe(404);
    const left = await call(`/api/v1/orders/${order.id}?expand=customer`, { headers });
    expect(await bodyOf<Order>(left, 200)).toMatchObject({
      customer: { name: "Deleted customer", email: null, tags: [] },
      shipping_address: null,
    });
  });
});

describe("The list of orders", async () => {
  const shop = await shopOf("catalogue_orders");
  const { headers } = shop.keeper;
  const made: Order[] = [];
  for (const quantity of [3, 1, 2])
    made.push(await makeOrder(shop, { items: [{ product_id: shop.product.id, quantity }] }));
  const numbers = async (query: string) => {
    const { orders } = await bodyOf<{ orders: Order[] }>(
      await call(`/api/v1/orders?${query}`, { headers }),
      200,
    );
    return orders.map(({ number }) => number);
  };

  it.each([
    ["", [3, 2, 1]],
    ["sort=created_at", [1, 2, 3]],
    ["sort=total", [2, 3, 1]],
    ["sort=-total&limit=1", [1]],
    ["offset=1&limit=1", [2]],
    ["number=2", [2]],
    ["min_total=2198&max_total=2198", [3]],
    ["status=pending&status=confirmed", [3, 2, 1]],
    ["status=cancelled", []],
    ["payment_status=unpaid&source=api", [3, 2, 1]],
    ["date_to=2020-01-01", []],
  ])("by %s", async (query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  it.each(["", "sort=total&", "sort=-total&", "sort=created_at&"])("goes by pages: %s", async (sort) => {
    const seen: number[] = [];
    let path = `${sort}limit=1`;
    for (let page = 0; page < 3; page++) {
      const answer = await call(`/api/v1/orders?${path}`, { headers });
      const { orders, next_cursor } = await bodyOf<{ orders: Order[]; next_cursor: string | null }>(
        answer,
        200,
      );
      seen.push(...orders.map(({ number }) => number));
      path = `${sort}limit=1&cursor=${next_cursor}`;
      expect(next_cursor === null).toBe(page === 2);
    }
    expect(seen).toEqual(await numbers(sort));
  });

  it("tells lines and customers where they are asked for", async () => {
    const answer = await call("/api/v1/orders?expand=items,customer&limit=1", { headers });
    const { orders } = await bodyOf<{ orders: Order[] }>(answer, 200);
    expect(orders[0]).toMatchObject({
      items: [{ line: 1, quantity: 2 }],
      customer: { id: shop.customer.id },
    });
    const { orders: plain } = await bodyOf<{ orders: Order[] }>(
      await call("/api/v1/orders", { headers }),
      200,
    );
    expect(plain.every((order) => !("items" in order) && !("customer" in order))).toBe(true);
    expect(made.map(({ number }) => number)).toEqual([1, 2, 3]);
  });
});
