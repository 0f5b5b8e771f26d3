import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { act, makeOrder, type Order, shopOf } from "../../support/shop.ts";

let keys = 0;

describe("The ledger of an order", async () => {
  const shop = await shopOf("ledger");
  const { headers } = shop.keeper;
  const pay = (id: string, body: object, key = `pay-${++keys}`) =>
    send(
      "POST",
      `/api/v1/orders/${id}/payments`,
      { method: "card", ...body },
      { ...headers, "idempotency-key": key },
    );
  const standing = async (id: string) => {
    const { payment_status, paid, refunded } = await bodyOf<Order>(
      await call(`/api/v1/orders/${id}`, { headers }),
      200,
    );
    return [payment_status, paid.amount, refunded.amount];
  };

  it("says what is paid, and what is given back", async () => {
    const { id, total } = await makeOrder(shop);
    expect(await standing(id)).toEqual(["unpaid", 0, 0]);
    await bodyOf(await pay(id, { amount: 1000 }), 201);
    expect(await standing(id)).toEqual(["partially_paid", 1000, 0]);
    await bodyOf(await pay(id, { amount: total.amount - 1000 }), 201);
    expect(await standing(id)).toEqual(["paid", total.amount, 0]);
    await bodyOf(await pay(id, { kind: "refund", amount: 500 }), 201);
    expect(await standing(id)).toEqual(["partially_refunded", total.amount, 500]);
    await bodyOf(await pay(id, { kind: "refund", amount: total.amount - 500 }), 201);
    expect(await standing(id)).toEqual(["refunded", total.amount, total.amount]);
    const { payments } = await bodyOf<{ payments: { kind: string; amount: unknown }[] }>(
      await call(`/api/v1/orders/${id}/payments`, { headers }),
      200,
    );
    expect(payments.map(({ kind }) => kind)).toEqual(["charge", "charge", "refund", "refund"]);
    expect(payments[0]?.amount).toEqual({ amount: 1000, currency: "EUR" });
  });

  it("never gives back more than was paid, however much at once it is asked for", async () => {
    const { id } = await makeOrder(shop);
    await bodyOf(await pay(id, { amount: 300 }), 201);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => pay(id, { kind: "refund", amount: 100 })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 409, 409]);
    expect(await standing(id)).toEqual(["refunded", 300, 300]);
  });

  it("takes each entry once for its key, and none without", async () => {
    const { id } = await makeOrder(shop);
    const [first, second] = [await pay(id, { amount: 100 }, "once"), await pay(id, { amount: 100 }, "once")];
    expect(await second.json()).toEqual(await first.json());
    expect(second.headers.get("idempotent-replayed")).toBe("true");
    expect(await standing(id)).toEqual(["partially_paid", 100, 0]);
    expect((await pay(id, { amount: 200 }, "once")).status).toBe(409);
    const without = await send(
      "POST",
      `/api/v1/orders/${id}/payments`,
      { amount: 1, method: "card" },
      headers,
    );
    expect(without.status).toBe(400);
  });

  it("is settled before its order is cancelled", async () => {
    const { id } = await makeOrder(shop);
    await bodyOf(await pay(id, { amount: 100 }), 201);
    const refused = await act(shop.keeper, id, "cancel");
    expect(await refused.json()).toMatchObject({
      error: "ORDER_STATE_INVALID",
      message: "What was paid is given back first",
    });
    await bodyOf(await pay(id, { kind: "refund", amount: 100 }), 201);
    await bodyOf(await act(shop.keeper, id, "cancel"), 200);
  });
});
