import { afterEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { SocketCalls } from "#workers/gateway/socket-calls.ts";
import "../../support/graphql.ts";
import { connect, type Next } from "../../support/graphql-socket.ts";
import { tenantHub, tenantObject } from "../../support/objects.ts";
import { makeInstance, startRun } from "../../support/personas.ts";
import { act, makeCustomer, makeOrder, shopOf } from "../../support/shop.ts";
import { say } from "../../support/sockets.ts";
import { createUserWithSession as createUser } from "../../support/users.ts";

const orders =
  "subscription ($since: Int, $filter: OrderUpdatesFilter) { orderUpdates(since: $since, filter: $filter) { seq event previousStatus order { number status } } }";
const all = 'subscription ($since: Int) { events(patterns: ["**"], since: $since) { seq event entityId } }';

let tenants = 0;
async function openShop() {
  const shop = await shopOf(`gql_ws_live_${tenants++}`);
  const { clientId } = shop.keeper.actor;
  return { ...shop, clientId, watcher: await createUser(clientId, { role: "admin" }) };
}
const someone = (role?: "admin") => createUser(`gql_ws_live_${tenants++}`, role && { role });
const notice = (clientId: string, id: string) => say(clientId, id, null, "system.notification");

const eventsSchema = z.object({ events: z.object({ seq: z.number(), entityId: z.string() }) });
const idsIn = (payloads: readonly Next["payload"][]) =>
  payloads.map(({ data }) => eventsSchema.parse(data).events.entityId);

afterEach(() => void vi.restoreAllMocks());

describe("A subscription by socket", () => {
  it("tells of orders as they change, with the order as it is then, and the number of each event", async () => {
    const shop = await openShop();
    const { subscribe, results } = await connect(shop.watcher);
    subscribe("a", orders, { since: 0 });
    const order = await makeOrder(shop);
    await results("a", 1);
    await act(shop.keeper, order.id, "confirm");
    const [made, confirmed] = await results("a", 2);
    expect(made?.data).toMatchObject({ orderUpdates: { event: "order.created", previousStatus: null } });
    expect(confirmed?.data).toMatchObject({
      orderUpdates: {
        event: "order.confirmed",
        previousStatus: "pending",
        order: { number: order.number, status: "CONFIRMED" },
      },
    });
    expect(confirmed?.extensions?.seq).toBeGreaterThan(made?.extensions?.seq ?? 0);
  });

  it("without `since` tells what happens from then on", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    await notice(clientId, "before");
    const { subscribe, results, messages } = await connect(user);
    subscribe("a", all);
    let count = 0;
    await expect
      .poll(async () => {
        await notice(clientId, `after${count++}`);
        return messages.some(({ type }) => type === "next");
      })
      .toBe(true);
    expect(idsIn(await results("a", 1))[0]).toMatch(/^after/);
  });

  it("with `since` goes on after that event, without a gap and without a repeat, also while more happens", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    for (let count = 0; count < 5; count++) await notice(clientId, `n${count}`);
    const first = await connect(user);
    first.subscribe("a", all, { since: 0 });
    const begun = await first.results("a", 2);
    first.socket.close();
    const second = await connect(user);
    second.subscribe("a", all, { since: begun[1]?.extensions?.seq });
    for (let count = 5; count < 10; count++) await notice(clientId, `n${count}`);
    const rest = await second.results("a", 8);
    expect(idsIn([...begun.slice(0, 2), ...rest])).toEqual(
      Array.from({ length: 10 }, (_, count) => `n${count}`),
    );
  });

  it("says where events are missing, and goes on", async () => {
    const user = await someone();
    await notice(user.actor.clientId, "kept");
    const { subscribe, results } = await connect(user);
    subscribe("a", all, { since: 1000 });
    const [gap, next] = await results("a", 2);
    expect(gap).toMatchObject({ data: null, extensions: { gap: { since: 1000, oldest: 1 } } });
    expect(next?.data).toMatchObject({ events: { entityId: "kept" } });
  });

  it("is narrowed to one order, to a customer's, to a status", async () => {
    const shop = await openShop();
    const [one, other] = [await makeOrder(shop), await makeOrder(shop)];
    await act(shop.keeper, one.id, "confirm");
    await act(shop.keeper, other.id, "confirm");
    const { subscribe, results } = await connect(shop.watcher);
    const filter = { orderId: other.id, customerId: other.customer_id, status: "CONFIRMED" };
    subscribe("a", orders, { since: 0, filter });
    subscribe("end", all, { since: 0 });
    await results("end", 4);
    const told = await results("a", 1);
    expect(told.map(({ data }) => data)).toMatchObject([
      { orderUpdates: { event: "order.confirmed", order: { number: other.number } } },
    ]);
  });

  it("tells of a run, and is complete with it; of one that is over, at once", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    const { id } = await makeInstance(user);
    const runId = await startRun(user, id);
    const { subscribe, results, ended, messages } = await connect(user);
    const query = "subscription ($id: ID!) { runEvents(runId: $id) { event run { status } } }";
    subscribe("live", query, { id: runId });
    await results("live", 1);
    await tenantObject(clientId).terminateRun(runId);
    await ended("live");
    subscribe("late", query, { id: runId });
    await ended("late");
    const eventsOf = (name: string) =>
      messages.flatMap((message) =>
        message.type === "next" && message.id === name ? [message.payload.data?.runEvents] : [],
      );
    expect(eventsOf("live")[0]).toMatchObject({ event: "execution.started" });
    expect(eventsOf("live").at(-1)).toMatchObject({
      event: expect.stringMatching(/^execution\.(cancelled|failed)$/),
    });
    expect(eventsOf("late")).toHaveLength(eventsOf("live").length);
  });

  it("to what is not there, or another's, is refused and complete", async () => {
    const [user, stranger] = [await someone(), await someone()];
    const runId = await startRun(user, (await makeInstance(user)).id);
    const { subscribe, results, ended } = await connect(stranger);
    subscribe("a", "subscription ($id: ID!) { runEvents(runId: $id) { event } }", { id: runId });
    expect((await results("a", 1))[0]?.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    await ended("a");
  });

  it("keeps the order of the log, over all subscriptions of a connection", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    const { subscribe, results, messages, seq } = await connect(user);
    subscribe("light", all, { since: seq });
    const heavy = all.replace("entityId", "at data");
    subscribe("heavy", heavy, { since: seq });
    await notice(clientId, "first");
    await results("light", 1);
    await results("heavy", 1);
    for (let count = 0; count < 20; count++) await notice(clientId, `n${count}`);
    await results("light", 21);
    await results("heavy", 21);
    const seqs = messages.flatMap((message) =>
      message.type === "next" ? [message.payload.extensions?.seq ?? 0] : [],
    );
    expect(seqs).toEqual([...seqs].sort((one, other) => one - other));
  });
});

describe("Who hears what", () => {
  it("by a socket is who may: their own, and the shop's books for those alone who may read them", async () => {
    const shop = await openShop();
    const { clientId } = shop;
    const user = await createUser(clientId);
    const reader = await createUser(clientId, { permissions: ["commerce.read"] });
    await makeOrder(shop);
    await say(clientId, "mine", user.actor.userId);
    await say(clientId, "theirs", shop.keeper.actor.userId);
    await notice(clientId, "end");
    const heardBy = async (who: typeof user) => {
      const { subscribe, results, messages } = await connect(who);
      subscribe("a", all, { since: 0 });
      await expect.poll(() => JSON.stringify(messages).includes('"end"')).toBe(true);
      return (await results("a", 1)).map(
        ({ data }) => z.object({ events: z.object({ event: z.string() }) }).parse(data).events.event,
      );
    };
    expect(await heardBy(user)).toEqual(["execution.completed", "system.notification"]);
    const heard = await heardBy(reader);
    expect(heard).toContain("order.created");
    expect(heard).not.toContain("execution.completed");
  });

  it("is never another tenant", async () => {
    const [one, other] = [await someone("admin"), await someone("admin")];
    const { subscribe, results } = await connect(other);
    subscribe("a", all, { since: 0 });
    await notice(one.actor.clientId, "secret");
    await notice(other.actor.clientId, "own");
    expect(idsIn(await results("a", 1))).toEqual(["own"]);
  });

  it("follows the rights of then: whoever loses them is closed, and hears no more", async () => {
    const shop = await openShop();
    const { subscribe, closed } = await connect(shop.watcher);
    subscribe("a", orders);
    await tenantHub(shop.clientId).endRights(shop.watcher.actor.userId);
    expect((await closed).code).toBe(4403);
  });
});

describe("An event", () => {
  it("is carried out once for all who follow the same with the same rights, however many their sockets", async () => {
    const shop = await openShop();
    const users = [shop.watcher, await createUser(shop.clientId, { role: "admin" })];
    const sockets = [];
    for (const user of users) for (let count = 0; count < 10; count++) sockets.push(await connect(user));
    const first = sockets[0]?.seq ?? 0;
    for (const [index, { subscribe }] of sockets.entries()) {
      // Where each begins makes no difference once it has begun.
      subscribe("a", orders, { since: Math.max(first - index, 0) });
      subscribe("b", orders, { since: first });
    }
    await say(shop.clientId, "all have begun", null, "order.created");
    for (const { results } of sockets) for (const id of ["a", "b"]) await results(id, 1);
    const tell = vi.spyOn(SocketCalls.prototype, "tellGraphql");
    const order = await makeOrder(shop);
    const told = ({ data }: Next["payload"]) => JSON.stringify(data).includes(`"number":${order.number}`);
    for (const { results } of sockets)
      for (const id of ["a", "b"])
        await expect.poll(async () => (await results(id, 1)).some(told)).toBe(true);
    const asked = tell.mock.calls.flatMap(([{ happenings }]) => happenings.map(({ seq }) => seq));
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeGreaterThan(0);
  });

  it("is carried out for each by itself where the answer depends on who asks, or on their rights", async () => {
    const shop = await openShop();
    const reader = await createUser(shop.clientId, { permissions: ["commerce.read"] });
    const admin = await createUser(shop.clientId, { role: "admin" });
    const customer = await makeCustomer(shop.keeper, { email: `ada-${shop.clientId}@example.com` });
    const masked = "subscription { orderUpdates(since: 0) { order { customer { email } } } }";
    const [first, second, third] = [await connect(shop.watcher), await connect(admin), await connect(reader)];
    for (const { subscribe } of [first, second, third]) subscribe("a", masked);
    await makeOrder({ ...shop, customer });
    const told = [];
    for (const { results } of [first, second, third])
      told.push(JSON.stringify((await results("a", 1))[0]?.data));
    expect(told[1]).toBe(told[0]);
    expect(told[2]).not.toBe(told[0]);
    expect(told[2]).toContain("•");
  });

  it("reaches the others where the session in whose name it was asked for has ended", async () => {
    const shop = await openShop();
    const other = await createUser(shop.clientId, { role: "admin" });
    const [ended, going] = [await connect(shop.watcher), await connect(other)];
    for (const { subscribe } of [ended, going]) subscribe("a", orders, { since: 0 });
    const tell = SocketCalls.prototype.tellGraphql;
    vi.spyOn(SocketCalls.prototype, "tellGraphql").mockImplementation(function (this: SocketCalls, call) {
      const isOver = call.caller.sessionId === shop.watcher.actor.sessionId;
      return isOver
        ? Promise.resolve({ ok: false as const, code: "TOKEN_INVALID" as const })
        : tell.call(this, call);
    });
    await makeOrder(shop);
    expect((await going.results("a", 1))[0]?.data).toMatchObject({
      orderUpdates: { event: "order.created" },
    });
    expect((await ended.closed).code).toBe(4401);
  });
});
