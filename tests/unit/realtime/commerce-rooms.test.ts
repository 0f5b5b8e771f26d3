import { describe, expect, it } from "vitest";
import { policies } from "#src/operation/policy.ts";
import { send } from "../../support/api.ts";
import { guest } from "../../support/guests.ts";
import { act, makeOrder, shopOf } from "../../support/shop.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

const noSuchRoom = { type: "error", error: "No such room", data: { code: "NOT_FOUND" } };

const joining = async (user: TestUser, room: string) => (await guest(user)).ask("join_room", { room });

describe("The rooms of an order and of a customer", async () => {
  const clientId = "shop_rooms";
  const shop = await shopOf(clientId);
  const order = await makeOrder(shop);

  it.each([
    ["an order", `order:${order.id}`],
    ["a customer", `customer:${shop.customer.id}`],
  ])("of %s are for who may read it, as the policy says, and no other", async (_, room) => {
    const users = await Promise.all([
      createUserWithSession(clientId, { permissions: ["commerce.read"] }),
      createUserWithSession(clientId, { role: "moderator" }),
      createUserWithSession(clientId, { role: "admin" }),
      createUserWithSession(clientId),
      createUserWithSession(clientId, { permissions: ["commerce.orders"] }),
      createUserWithSession("shop_rooms_other", { role: "admin" }),
    ]);
    const outcomes = await Promise.all(users.map((user) => joining(user, room)));
    expect(outcomes.map(({ type }) => type)).toEqual([
      ...["response", "response", "response"],
      ...["error", "error", "error"],
    ]);
    expect(outcomes[5]).toMatchObject(noSuchRoom);
    expect(policies.getOrder).toEqual(policies.getCustomer);
  });

  it("What happens to an order is heard by who may read it, and by nobody else in the tenant", async () => {
    const reader = await guest(await createUserWithSession(clientId, { permissions: ["commerce.read"] }));
    const user = await guest(await createUserWithSession(clientId));
    for (const socket of [reader, user]) await socket.ask("subscribe", { events: ["order.*", "system.*"] });
    await act(shop.keeper, order.id, "confirm");
    const heard = await reader.next(({ event }) => event === "order.confirmed");
    expect(heard).toMatchObject({ data: { order_id: order.id, status: "confirmed" } });
    await user.ask("join_room", { room: "settled" });
    expect(user.frames.filter(({ event }) => event?.startsWith("order."))).toEqual([]);
  });

  it("When a customer is removed, who is in its room is in it no more", async () => {
    const socket = await guest(await createUserWithSession(clientId, { role: "admin" }));
    const room = `customer:${shop.customer.id}`;
    await socket.ask("join_room", { room });
    await send("DELETE", `/api/v1/customers/${shop.customer.id}`, undefined, shop.keeper.headers);
    await socket.next(({ event, data }) => event === "room.ended" && data?.room === room);
    expect(await socket.ask("join_room", { room })).toMatchObject(noSuchRoom);
  });
});
