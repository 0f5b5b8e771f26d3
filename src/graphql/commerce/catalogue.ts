import {
  getCustomer,
  getLocation,
  getProduct,
  listCustomers,
  listLocations,
  listProducts,
  listStock,
} from "#src/commerce/index.ts";
import { builder } from "../builder.ts";
import { pageQuery } from "../connection.ts";
import { ask } from "../context.ts";
import { ProductStatus } from "../enums.ts";
import { costs } from "../field-cost.ts";
import { idOf } from "../global-id.ts";
import { pageArgs } from "../page-args.ts";
import { findCustomer, findLocation, findProduct } from "./finders.ts";
import {
  Customer,
  CustomerConnection,
  Location,
  LocationConnection,
  Product,
  ProductConnection,
  Stock,
} from "./types.ts";

const ProductFilter = builder.inputType("ProductFilter", {
  fields: (t) => ({
    status: t.field({ type: ProductStatus }),
    category: t.string(),
    q: t.string({ description: "Words that its sku, name or description has, or begins with" }),
    inStock: t.boolean(),
  }),
});

const CustomerFilter = builder.inputType("CustomerFilter", {
  fields: (t) => ({
    q: t.string({ description: "Words that the name has, or begins with" }),
    email: t.string(),
    tag: t.string(),
    minOrders: t.int(),
  }),
});

const given = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

function addProducts(): void {
  builder.queryFields((t) => ({
    products: t.field({
      type: ProductConnection,
      description: listProducts.summary,
      args: { filter: t.arg({ type: ProductFilter }), ...pageArgs(t.arg) },
      extensions: costs(1, "page"),
      resolve: async (_root, { filter, ...args }, context) => {
        const page = pageQuery(args);
        const inStock = given(filter?.inStock);
        const query = {
          ...page,
          status: given(filter?.status),
          category: given(filter?.category),
          q: given(filter?.q),
          in_stock: inStock === undefined ? undefined : inStock ? ("true" as const) : ("false" as const),
        };
        const { products, next_cursor } = await ask(context, listProducts, { query });
        return { rows: products, nextCursor: next_cursor, after: page.cursor };
      },
    }),
    product: t.field({
      type: Product,
      description: getProduct.summary,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => findProduct(context, idOf("Product", id)),
    }),
  }));
  builder.objectField(Product, "stock", (t) =>
    t.field({
      type: [Stock],
      description: "How many there are, at its first twenty locations",
      resolve: async ({ id }, _args, context) => {
        const asked = { params: { product_id: String(id) }, query: {} };
        return (await ask(context, listStock, asked)).stock;
      },
    }),
  );
  builder.objectField(Stock, "location", (t) =>
    t.field({
      type: Location,
      description: "Where it is",
      resolve: ({ location_id: id }, _args, context) => findLocation(context, String(id)),
    }),
  );
}

function addLocations(): void {
  builder.queryFields((t) => ({
    locations: t.field({
      type: LocationConnection,
      description: listLocations.summary,
      args: pageArgs(t.arg),
      extensions: costs(1, "page"),
      resolve: async (_root, args, context) => {
        const query = pageQuery(args);
        const { locations, next_cursor } = await ask(context, listLocations, { query });
        return { rows: locations, nextCursor: next_cursor, after: query.cursor };
      },
    }),
    location: t.field({
      type: Location,
      description: getLocation.summary,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => findLocation(context, idOf("Location", id)),
    }),
  }));
}

function addCustomers(): void {
  builder.queryFields((t) => ({
    customers: t.field({
      type: CustomerConnection,
      description: listCustomers.summary,
      args: { filter: t.arg({ type: CustomerFilter }), ...pageArgs(t.arg) },
      extensions: costs(1, "page"),
      resolve: async (_root, { filter, ...args }, context) => {
        const page = pageQuery(args);
        const query = {
          ...page,
          q: given(filter?.q),
          email: given(filter?.email),
          tag: given(filter?.tag),
          min_orders: given(filter?.minOrders),
        };
        const { customers, next_cursor } = await ask(context, listCustomers, { query });
        return { rows: customers, nextCursor: next_cursor, after: page.cursor };
      },
    }),
    customer: t.field({
      type: Customer,
      description: getCustomer.summary,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => findCustomer(context, idOf("Customer", id)),
    }),
  }));
}

/** What is sold, where it lies, and to whom it goes. */
export function addCatalogue(): void {
  addProducts();
  addLocations();
  addCustomers();
}
