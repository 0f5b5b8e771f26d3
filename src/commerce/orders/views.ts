import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import { wireRow } from "#src/http/wire-row.ts";
import type { Account } from "#src/kernel/actor.ts";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { maskedAddress, seesContacts } from "../contact.ts";
import { findCustomers } from "../customers/customer-repository.ts";
import { customerViews } from "../customers/views.ts";
import { itemsOf, type OrderItemRow, type OrderPaymentRow, type OrderRow } from "./order-repository.ts";
import { orderItemSchema, orderSchema, paymentSchema } from "./schemas.ts";

export type OrderView = z.infer<typeof orderSchema>;
export type Expansion = "items" | "customer";

const itemView = (row: OrderItemRow, currency: string) =>
  wireRow(orderItemSchema, row, {
    unit_price: { amount: row.unitPrice, currency },
    total: { amount: row.total, currency },
  });

function orderView(row: OrderRow, inClear: boolean): OrderView {
  const { currency, shippingAddress: address } = row;
  const money = (amount: number) => ({ amount, currency });
  return wireRow(orderSchema, row, {
    subtotal: money(row.subtotal),
    discount: money(row.discount),
    tax: money(row.tax),
    shipping: money(row.shipping),
    total: money(row.total),
    paid: money(row.paid),
    refunded: money(row.refunded),
    reserved_until: isoTimeOrNull(row.reservedUntil),
    shipping_address: address && !inClear ? maskedAddress(address) : address,
  });
}

/** Orders as somebody sees them; what they are told with is read for all of them at once. */
export async function orderViews(
  db: Database,
  actor: Account,
  rows: readonly OrderRow[],
  expand: readonly Expansion[],
): Promise<OrderView[]> {
  const wants = (what: Expansion) => rows.length > 0 && expand.includes(what);
  const [items, customers] = await Promise.all([
    wants("items")
      ? itemsOf(
          db,
          rows.map(({ id }) => id),
        )
      : undefined,
    wants("customer")
      ? findCustomers(db, actor.clientId, [...new Set(rows.map(({ customerId }) => customerId))]).then(
          (found) => customerViews(db, actor, found),
        )
      : undefined,
  ]);
  const inClear = seesContacts(actor);
  return rows.map((row) => ({
    ...orderView(row, inClear),
    ...(items && {
      items: items.filter(({ orderId }) => orderId === row.id).map((item) => itemView(item, row.currency)),
    }),
    ...(customers && { customer: customers.find(({ id }) => id === row.customerId) }),
  }));
}

/** One order as somebody sees it, with its lines. */
export async function viewOfOrder(
  db: Database,
  actor: Account,
  row: OrderRow,
  expand: readonly Expansion[] = [],
): Promise<OrderView> {
  const [view] = await orderViews(db, actor, [row], ["items", ...expand]);
  if (!view) throw new Error("An order has no view");
  return view;
}

export const paymentView = (row: OrderPaymentRow): z.infer<typeof paymentSchema> =>
  wireRow(paymentSchema, row, { amount: { amount: row.amount, currency: row.currency } });
