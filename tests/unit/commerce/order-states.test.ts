import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allowedActions, orderActions, transition } from "#src/commerce/orders/order-states.ts";
import { type OrderStatus, orderStatuses } from "#src/kernel/commerce-words.ts";

const now = 1_000_000;
const order = (status: OrderStatus) => ({ status, paid: 0, refunded: 0, reservedUntil: now });

/** What every action makes of an order in every state; `-` is refused. */
const table: Record<OrderStatus, Record<(typeof orderActions)[number], string>> = {
  pending: {
    confirm: "confirmed, none",
    fulfil: "-",
    complete: "-",
    cancel: "cancelled, release",
    return: "-",
    expire: "cancelled, release",
  },
  confirmed: {
    confirm: "-",
    fulfil: "fulfilled, sell",
    complete: "-",
    cancel: "cancelled, release",
    return: "-",
    expire: "-",
  },
  fulfilled: {
    confirm: "-",
    fulfil: "-",
    complete: "completed, none",
    cancel: "-",
    return: "returned, take back",
    expire: "-",
  },
  completed: {
    confirm: "-",
    fulfil: "-",
    complete: "-",
    cancel: "-",
    return: "returned, take back",
    expire: "-",
  },
  cancelled: { confirm: "-", fulfil: "-", complete: "-", cancel: "-", return: "-", expire: "-" },
  returned: { confirm: "-", fulfil: "-", complete: "-", cancel: "-", return: "-", expire: "-" },
};

const pairs = orderStatuses.flatMap((status) => orderActions.map((action) => [action, status] as const));

describe("What an action makes of an order, and of what it holds", () => {
  it.each(pairs)("%s of one that is %s", (action, status) => {
    const decided = transition(order(status), action, now);
    expect(decided.ok ? `${decided.to}, ${decided.stock}` : "-").toBe(table[status][action]);
    if (!decided.ok) expect(decided.allowed).toEqual(allowedActions(status));
  });

  it("is refused where what was paid has not been given back, for all that ends it unfulfilled", () => {
    for (const action of ["cancel", "expire"] as const) {
      const paid = { ...order("pending"), paid: 500, refunded: 499 };
      expect(transition(paid, action, now)).toMatchObject({ ok: false, reason: "paid" });
      expect(transition({ ...paid, refunded: 500 }, action, now)).toMatchObject({ ok: true });
    }
  });

  it("does not end what is held for longer, or for as long as it takes", () => {
    for (const reservedUntil of [now + 1, null])
      expect(transition({ ...order("pending"), reservedUntil }, "expire", now)).toMatchObject({
        ok: false,
        reason: "reserved",
      });
  });

  it("goes one way: whatever is done, no order comes to a state it has been in", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...orderActions), { maxLength: 20 }), (actions) => {
        const seen: OrderStatus[] = ["pending"];
        for (const action of actions) {
          const decided = transition(order(seen.at(-1) ?? "pending"), action, now);
          if (decided.ok) seen.push(decided.to);
        }
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });
});
