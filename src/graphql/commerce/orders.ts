import {
  getOrder,
  listOrderEvents,
  listOrderPayments,
  listOrders,
  listOrdersOfCustomer,
} from "#src/commerce/index.ts";
import { encodeCursor } from "#src/http/cursor.ts";
import { builder } from "../builder.ts";
import { pageQuery } from "../connection.ts";
import { ask, type GraphqlContext } from "../context.ts";
import { OrderSource, OrderStatus, PaymentStatus } from "../enums.ts";
import { costs } from "../field-cost.ts";
import { idOf } from "../global-id.ts";
import { pageArgs } from "../page-args.ts";
import type { Row } from "../rows.ts";
import { customerOf, findLocation, findOrder, orderWithItems, productOf } from "./finders.ts";
import {
  Customer,
  Location,
  Order,
  OrderConnection,
  OrderEventConnection,
  OrderItem,
  PaymentConnection,
  Product,
} from "./types.ts";

const OrderSort = builder.enumType("OrderSort", {
  values: {
    NEWEST: { value: "-created_at" },
    OLDEST: { value: "created_at" },
    LARGEST: { value: "-total" },
    SMALLEST: { value: "total" },
  } as const,
});

const OrderFilter = builder.inputType("OrderFilter", {
  fields: (t) => ({
    status: t.field({ type: [OrderStatus] }),
    paymentStatus: t.field({ type: PaymentStatus }),
    customerId: t.id(),
    locationId: t.id(),
    instanceId: t.id(),
    source: t.field({ type: OrderSource }),
    dateFrom: t.field({ type: "DateTime" }),
    dateTo: t.field({ type: "DateTime" }),
    number: t.int(),
    minTotal: t.field({ type: "MinorUnits" }),
    maxTotal: t.field({ type: "MinorUnits" }),
  }),
});

interface Asked {
  first?: number | null;
  after?: string | null;
  filter?: typeof OrderFilter.$inferInput | null;
  sort?: typeof OrderSort.$inferInput | null;
}

const given = <T>(value: T | null | undefined): T | undefined => value ?? undefined;
const idGiven = (type: string, id: string | number | null | undefined, argument: string) =>
  id === null || id === undefined ? undefined : idOf(type, String(id), argument);

/** What REST's list is asked for the same. Values beyond their types are for the operation to refuse. */
function queryOf({ filter, sort, ...page }: Asked) {
  const status = given(filter?.status);
  return {
    ...pageQuery(page),
    ...(status && { status: [...status] }),
    payment_status: given(filter?.paymentStatus),
    customer_id: idGiven("Customer", filter?.customerId, "customerId"),
    location_id: idGiven("Location", filter?.locationId, "locationId"),
    instance_id: idGiven("PersonaInstance", filter?.instanceId, "instanceId"),
    source: given(filter?.source),
    date_from: given(filter?.dateFrom),
    date_to: given(filter?.dateTo),
    number: given(filter?.number),
    min_total: given(filter?.minTotal),
    max_total: given(filter?.maxTotal),
    sort: given(sort),
  };
}

const totalOf = ({ total }: Row): unknown =>
  typeof total === "object" && total !== null && "amount" in total ? total.amount : 0;
const byTotal = (row: Row): string => encodeCursor([totalOf(row), String(row.id)]);

/** A page as a connection has it. */
const pageOf = (
  { orders, next_cursor }: { orders: readonly Row[]; next_cursor: string | null },
  { sort, after }: Asked,
) => ({
  rows: orders,
  nextCursor: next_cursor,
  after: given(after),
  ...(sort?.endsWith("total") ? { cursorOf: byTotal } : {}),
});

/** The lines of an order: told with it, or read with those of the others beside it. */
async function itemsOf(order: Row, context: GraphqlContext): Promise<Row[]> {
  const { items } = order.items ? order : ((await orderWithItems(context, String(order.id))) ?? {});
  return Array.isArray(items) ? items : [];
}

/** Orders, and where they lead. */
export function addOrders(): void {
  builder.queryFields((t) => ({
    orders: t.field({
      type: OrderConnection,
      description: listOrders.summary,
      args: { filter: t.arg({ type: OrderFilter }), sort: t.arg({ type: OrderSort }), ...pageArgs(t.arg) },
      extensions: costs(1, "page"),
      resolve: async (_root, args, context) =>
        pageOf(await ask(context, listOrders, { query: queryOf(args) }), args),
    }),
    order: t.field({
      type: Order,
      description: getOrder.summary,
      args: { id: t.arg.id({ required: true }) },
      resolve: (_root, { id }, context) => findOrder(context, idOf("Order", id)),
    }),
  }));
  builder.objectFields(Order, (t) => ({
    items: t.field({
      type: [OrderItem],
      nullable: false,
      description: "Its lines",
      resolve: (order, _args, context) => itemsOf(order, context),
    }),
    customer: t.field({
      type: Customer,
      description: "Whose it is",
      resolve: ({ customer_id: id }, _args, context) => customerOf(context, String(id)),
    }),
    location: t.field({
      type: Location,
      description: "Where it is fulfilled from",
      resolve: ({ location_id: id }, _args, context) => findLocation(context, String(id)),
    }),
    payments: t.field({
      type: PaymentConnection,
      description: listOrderPayments.summary,
      args: pageArgs(t.arg),
      extensions: costs(1, "page"),
      resolve: async ({ id }, args, context) => {
        const query = pageQuery(args);
        const params = { order_id: String(id) };
        const { payments, next_cursor } = await ask(context, listOrderPayments, { params, query });
        return { rows: payments, nextCursor: next_cursor, after: query.cursor };
      },
    }),
    events: t.field({
      type: OrderEventConnection,
      description: listOrderEvents.summary,
      args: pageArgs(t.arg),
      extensions: costs(1, "page"),
      resolve: async ({ id }, args, context) => {
        const query = pageQuery(args);
        const params = { order_id: String(id) };
        const { events, next_cursor } = await ask(context, listOrderEvents, { params, query });
        return { rows: events, nextCursor: next_cursor, after: query.cursor };
      },
    }),
  }));
  builder.objectField(OrderItem, "product", (t) =>
    t.field({
      type: Product,
      description: "The product as it is now",
      resolve: ({ product_id: id }, _args, context) => productOf(context, String(id)),
    }),
  );
  builder.objectField(Customer, "orders", (t) =>
    t.field({
      type: OrderConnection,
      description: listOrdersOfCustomer.summary,
      args: { sort: t.arg({ type: OrderSort }), ...pageArgs(t.arg) },
      extensions: costs(1, "page"),
      resolve: async ({ id }, args, context) => {
        const { customer_id: _, ...query } = queryOf(args);
        const params = { customer_id: String(id) };
        return pageOf(await ask(context, listOrdersOfCustomer, { params, query }), args);
      },
    }),
  );
}
