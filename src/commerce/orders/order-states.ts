import type { OrderStatus } from "#src/kernel/commerce-words.ts";

/** What can be done with an order; `expire` the platform does by itself. */
export const orderActions = ["confirm", "fulfil", "complete", "cancel", "return", "expire"] as const;
export type OrderAction = (typeof orderActions)[number];

/** What becomes of what an order holds: nothing, given back to be sold, gone with it, come back from it. */
export type StockEffect = "none" | "release" | "sell" | "take back";

interface Rule {
  from: readonly OrderStatus[];
  to: Exclude<OrderStatus, "pending">;
  stock: StockEffect;
}

const rules: Record<OrderAction, Rule> = {
  confirm: { from: ["pending"], to: "confirmed", stock: "none" },
  fulfil: { from: ["confirmed"], to: "fulfilled", stock: "sell" },
  complete: { from: ["fulfilled"], to: "completed", stock: "none" },
  cancel: { from: ["pending", "confirmed"], to: "cancelled", stock: "release" },
  return: { from: ["fulfilled", "completed"], to: "returned", stock: "take back" },
  expire: { from: ["pending"], to: "cancelled", stock: "release" },
};

/** An order, as far as it decides what can be done with it. Amounts in minor units. */
export interface OrderState {
  status: OrderStatus;
  paid: number;
  refunded: number;
  /** Epoch milliseconds; null for as long as it is pending. */
  reservedUntil: number | null;
}

export type Transition =
  | { ok: true; to: Rule["to"]; stock: StockEffect }
  | { ok: false; reason: "state" | "paid" | "reserved"; allowed: OrderAction[] };

/** What can be done with an order in a state. */
export const allowedActions = (status: OrderStatus): OrderAction[] =>
  orderActions.filter((action) => action !== "expire" && rules[action].from.includes(status));

/** What an action makes of an order, or why it is refused. */
export function transition(order: OrderState, action: OrderAction, now: number): Transition {
  const { from, to, stock } = rules[action];
  const allowed = allowedActions(order.status);
  if (!from.includes(order.status)) return { ok: false, reason: "state", allowed };
  // What was paid is given back first: an order that is over owes nobody anything.
  if (to === "cancelled" && order.paid > order.refunded) return { ok: false, reason: "paid", allowed };
  if (action === "expire" && (order.reservedUntil === null || order.reservedUntil > now))
    return { ok: false, reason: "reserved", allowed };
  return { ok: true, to, stock };
}
