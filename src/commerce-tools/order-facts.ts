import type { z } from "@hono/zod-openapi";
import type { getOrder } from "#src/commerce/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { fitting } from "./results.ts";

type Order = z.output<(typeof getOrder)["output"]>;

/** Characters of notes that a model is told. */
const maxNotes = 500;

/** An order in a list, as a persona is told of it: nothing of how to reach anybody. */
export const briefly = ({ id, number, status, payment_status, total, created_at, customer }: Order) => ({
  order_id: id,
  number,
  status,
  payment_status,
  total,
  created_at,
  ...(customer && { customer: customer.name }),
});

/** All that a persona is told of an order. */
export function wholly(order: Order) {
  const { subtotal, discount, tax, shipping, paid, refunded, notes, cancel_reason } = order;
  const { confirmed_at, fulfilled_at, completed_at, cancelled_at, returned_at, items = [] } = order;
  const lines = items.map(({ sku, name, quantity, total }) => ({ sku, name, quantity, total }));
  const { entries, left_out } = fitting(lines);
  return {
    ...briefly(order),
    ...{ subtotal, discount, tax, shipping, paid, refunded, cancel_reason },
    ...{ confirmed_at, fulfilled_at, completed_at, cancelled_at, returned_at },
    notes: cutText(notes, maxNotes),
    items: entries,
    items_left_out: left_out,
  };
}
