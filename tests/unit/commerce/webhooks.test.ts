import { expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { bodyOf } from "../../support/personas.ts";
import { act, makeOrder, shopOf } from "../../support/shop.ts";
import { receiver, webhookOf } from "../../support/webhooks.ts";

it("A webhook gets what becomes of orders, customers and products, once each, and nothing personal", async () => {
  const clientId = "shop_hooks";
  const { keeper, ...shop } = await shopOf(clientId);
  const hooks = receiver("shop.example");
  await webhookOf(
    clientId,
    hooks.url,
    {
      ordered: true,
      events: [
        "order.created",
        "order.payment.recorded",
        "order.cancelled",
        "customer.created",
        "customer.updated",
        "customer.deleted",
        "product.archived",
      ],
    },
    keeper,
  );
  const { headers } = keeper;
  const ada = { name: "Ada Lovelace", email: "ada@shop.example", phone: "+441234567" };
  const customer = await bodyOf<{ id: string }>(await send("POST", "/api/v1/customers", ada, headers), 201);
  const ofCustomer = `/api/v1/customers/${customer.id}`;
  await bodyOf(await send("PATCH", ofCustomer, { notes: "Likes Oolong" }, headers), 200);
  const { id } = await makeOrder({ keeper, ...shop, customer: { ...shop.customer, ...customer } });
  const pay = (kind: string) =>
    send(
      "POST",
      `/api/v1/orders/${id}/payments`,
      { kind, amount: 100, method: "card" },
      { ...headers, "idempotency-key": kind },
    );
  for (const kind of ["charge", "charge", "refund"]) await bodyOf(await pay(kind), 201);
  await bodyOf(await act(keeper, id, "confirm"), 200);
  await bodyOf(await act(keeper, id, "cancel"), 200);
  expect((await send("DELETE", ofCustomer, undefined, headers)).status).toBe(204);
  expect((await send("DELETE", `/api/v1/products/${shop.product.id}`, undefined, headers)).status).toBe(204);

  const got = await hooks.messages(8);
  const told = [
    ["customer.created", customer.id],
    ["customer.updated", customer.id],
    ["order.created", id],
    ["order.payment.recorded", id],
    ["order.payment.recorded", id],
    ["order.cancelled", id],
    ["customer.deleted", customer.id],
    ["product.archived", shop.product.id],
  ];
  expect(got.map(({ body }) => [body.type, body.entity_id]).toSorted()).toEqual(told.toSorted());
  for (const { text } of got) expect(text).not.toMatch(/Ada|ada@shop|441234567|Oolong/);
});
