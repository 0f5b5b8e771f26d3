import { describe, expect, it } from "vitest";
import { globalId } from "#src/graphql/global-id.ts";
import { send } from "../../support/api.ts";
import { codesOf, query } from "../../support/graphql.ts";
import { asGraphql, everythingOf } from "../../support/graphql-parity.ts";
import { makeOrder, shopOf } from "../../support/shop.ts";

const nothing = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";

/** A shop with an order in it. */
async function world(clientId: string) {
  const shop = await shopOf(clientId);
  return { ...shop, order: await makeOrder(shop) };
}
type World = Awaited<ReturnType<typeof world>>;

interface Twin {
  what: string;
  rest(made: World): [method: string, path: string, body?: unknown];
  field: string;
  input?: string;
  variables(made: World): Record<string, unknown>;
  type?: string;
  code?: string;
}

const act = (action: string): Pick<Twin, "field" | "input"> => ({
  field: `${action}Order(id: $id)`,
});
const bare = ({ customer, product }: World, quantity: number) => ({
  rest: { customer_id: customer.id, items: [{ product_id: product.id, quantity }] },
  input: { customerId: customer.id, items: [{ productId: globalId("Product", product.id), quantity }] },
});

const twins: Twin[] = [
  {
    what: "an order is made",
    rest: (made) => ["POST", "/orders", bare(made, 3).rest],
    field: "createOrder(input: $input)",
    input: "CreateOrderInput!",
    variables: (made) => ({ input: bare(made, 3).input }),
    type: "Order",
  },
  {
    what: "an order for more than there is is not",
    rest: (made) => ["POST", "/orders", bare(made, 300).rest],
    field: "createOrder(input: $input)",
    input: "CreateOrderInput!",
    variables: (made) => ({ input: bare(made, 300).input }),
    code: "INSUFFICIENT_STOCK",
  },
  {
    what: "an order of nothing is not",
    rest: (made) => ["POST", "/orders", bare(made, 0).rest],
    field: "createOrder(input: $input)",
    input: "CreateOrderInput!",
    variables: (made) => ({ input: bare(made, 0).input }),
    code: "VALIDATION_ERROR",
  },
  {
    what: "an order is changed",
    rest: ({ order, product }) => [
      "PATCH",
      `/orders/${order.id}`,
      {
        notes: "Soon",
        items: [{ product_id: product.id, quantity: 1, unit_price: { amount: 5, currency: "EUR" } }],
      },
    ],
    field: "updateOrder(id: $id, input: $input)",
    input: "UpdateOrderInput",
    variables: ({ order, product }) => ({
      id: order.id,
      input: {
        notes: "Soon",
        items: [{ productId: product.id, quantity: 1, unitPrice: { amount: 5, currency: "EUR" } }],
      },
    }),
    type: "Order",
  },
  {
    what: "an order is confirmed",
    rest: ({ order }) => ["POST", `/orders/${order.id}/confirm`, {}],
    ...act("confirm"),
    variables: ({ order }) => ({ id: globalId("Order", order.id) }),
    type: "Order",
  },
  {
    what: "a pending order is not completed",
    rest: ({ order }) => ["POST", `/orders/${order.id}/complete`, {}],
    ...act("complete"),
    variables: ({ order }) => ({ id: order.id }),
    code: "ORDER_STATE_INVALID",
  },
  {
    what: "an order is cancelled",
    rest: ({ order }) => ["POST", `/orders/${order.id}/cancel`, { reason: "Twice", version: 1 }],
    field: "cancelOrder(id: $id, input: $input)",
    input: "CancelOrderInput",
    variables: ({ order }) => ({ id: order.id, input: { reason: "Twice", version: 1 } }),
    type: "Order",
  },
  {
    what: "another version of an order is not",
    rest: ({ order }) => ["POST", `/orders/${order.id}/cancel`, { version: 9 }],
    field: "cancelOrder(id: $id, input: $input)",
    input: "CancelOrderInput",
    variables: ({ order }) => ({ id: order.id, input: { version: 9 } }),
    code: "CONFLICT",
  },
  {
    what: "an order that is not there is not",
    rest: () => ["POST", `/orders/${nothing}/fulfil`, {}],
    ...act("fulfil"),
    variables: () => ({ id: nothing }),
    code: "NOT_FOUND",
  },
  {
    what: "a product is made",
    rest: () => [
      "POST",
      "/products",
      { sku: "NEW", name: "New", price: { amount: 1, currency: "JPY" }, attributes: { a: 1 } },
    ],
    field: "createProduct(input: $input)",
    input: "CreateProductInput!",
    variables: () => ({
      input: { sku: "NEW", name: "New", price: { amount: 1, currency: "JPY" }, attributes: { a: 1 } },
    }),
    type: "Product",
  },
  {
    what: "a product at no price is not",
    rest: () => ["POST", "/products", { sku: "NEW", name: "New", price: { amount: 1, currency: "XXZ" } }],
    field: "createProduct(input: $input)",
    input: "CreateProductInput!",
    variables: () => ({ input: { sku: "NEW", name: "New", price: { amount: 1, currency: "XXZ" } } }),
    code: "VALIDATION_ERROR",
  },
  {
    what: "a product is changed",
    rest: ({ product }) => ["PATCH", `/products/${product.id}`, { name: "Renamed" }],
    field: "updateProduct(id: $id, input: $input)",
    input: "UpdateProductInput",
    variables: ({ product }) => ({ id: product.id, input: { name: "Renamed" } }),
    type: "Product",
  },
  {
    what: "a product is archived",
    rest: ({ product }) => ["DELETE", `/products/${product.id}`],
    field: "archiveProduct(id: $id)",
    variables: ({ product }) => ({ id: product.id }),
  },
  {
    what: "stock is counted",
    rest: ({ product }) => ["POST", `/products/${product.id}/stock`, { counted: 7, reason: "counted" }],
    field: "adjustStock(id: $id, input: $input)",
    input: "AdjustStockInput",
    variables: ({ product }) => ({ id: product.id, input: { counted: 7, reason: "COUNTED" } }),
    type: "Stock",
  },
  {
    what: "fewer than orders hold are not",
    rest: ({ product }) => ["POST", `/products/${product.id}/stock`, { counted: 1 }],
    field: "adjustStock(id: $id, input: $input)",
    input: "AdjustStockInput",
    variables: ({ product }) => ({ id: product.id, input: { counted: 1 } }),
    code: "INSUFFICIENT_STOCK",
  },
  {
    what: "a location is made",
    rest: () => ["POST", "/locations", { name: "Side" }],
    field: "createLocation(input: $input)",
    input: "CreateLocationInput!",
    variables: () => ({ input: { name: "Side" } }),
    type: "Location",
  },
  {
    what: "a location is renamed",
    rest: ({ locationId }) => ["PATCH", `/locations/${locationId}`, { name: "Main" }],
    field: "updateLocation(id: $id, input: $input)",
    input: "UpdateLocationInput",
    variables: ({ locationId }) => ({ id: locationId, input: { name: "Main" } }),
    type: "Location",
  },
  {
    what: "the default location is not deleted",
    rest: ({ locationId }) => ["DELETE", `/locations/${locationId}`],
    field: "deleteLocation(id: $id)",
    variables: ({ locationId }) => ({ id: locationId }),
    code: "CONFLICT",
  },
  {
    what: "a customer is made",
    rest: () => [
      "POST",
      "/customers",
      { name: "Grace", address: { city: "New York", country: "US" }, tags: ["navy"] },
    ],
    field: "createCustomer(input: $input)",
    input: "CreateCustomerInput!",
    variables: () => ({
      input: { name: "Grace", address: { city: "New York", country: "US" }, tags: ["navy"] },
    }),
    type: "Customer",
  },
  {
    what: "a customer is changed",
    rest: ({ customer }) => ["PATCH", `/customers/${customer.id}`, { notes: "Kind" }],
    field: "updateCustomer(id: $id, input: $input)",
    input: "UpdateCustomerInput",
    variables: ({ customer }) => ({ id: customer.id, input: { notes: "Kind" } }),
    type: "Customer",
  },
  {
    what: "a customer is removed",
    rest: ({ customer }) => ["DELETE", `/customers/${customer.id}`],
    field: "deleteCustomer(id: $id)",
    variables: ({ customer }) => ({ id: customer.id }),
  },
];

/** The same whichever world it is of: without ids, times, and what tells the ways apart. */
const withoutNames = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "id")
      .replaceAll(/"id":"[\w-]{40,}"/g, '"id":"id"')
      .replaceAll(/"(sku|name)":"(?:SKU-|Tea )\d+"/g, '"$1":"it"')
      .replaceAll(/"source":"(?:API|GRAPHQL)"/g, '"source":"way"')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "time"),
  );

describe("By GraphQL as by REST", () => {
  it.each(twins.map((twin, number) => ({ ...twin, number })))("$what", async (twin) => {
    const { number, field, input, type, code } = twin;
    const [one, other] = [await world(`shop_rest_${number}`), await world(`shop_graphql_${number}`)];
    const [method, path, body] = twin.rest(one);
    const answer = await send(method, `/api/v1${path}`, body, one.keeper.headers);
    const byRest = answer.status === 204 ? null : await answer.json<Record<string, unknown>>();
    const declared = [field.includes("$id") ? "$id: ID!" : "", input ? `$input: ${input}` : ""].join(" ");
    const document = `mutation (${declared}) { changed: ${field} ${type ? everythingOf(type) : code && !/^delete/.test(field) ? "{ id: __typename }" : ""} }`;
    const byGraphql = await query(other.keeper, document, twin.variables(other));
    if (code) {
      expect(byRest).toMatchObject({ error: code });
      const [error] = byGraphql.errors ?? [];
      expect(error).toMatchObject({ path: ["changed"], extensions: { code, status: answer.status } });
      expect([error?.message, withoutNames(error?.extensions.details ?? null)]).toEqual([
        byRest?.message,
        withoutNames(byRest?.details ?? null),
      ]);
      return;
    }
    expect(codesOf(byGraphql)).toEqual([]);
    expect(answer.ok).toBe(true);
    if (type)
      expect(withoutNames(byGraphql.data)).toEqual(withoutNames({ changed: asGraphql(type, byRest) }));
  });
});
