import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { policies } from "#src/operation/policy.ts";
import { runsReadBy } from "#src/realtime/visibility.ts";
import { guest, guests } from "../../support/guests.ts";
import { spread, userAtEach } from "../../support/hub-shards.ts";
import { oneTextStep } from "../../support/plans.ts";
import { startedTask } from "../../support/tasks.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

describe("What is said in a room", () => {
  it("is heard by all who are in it, the speaker too, and by nobody else", async () => {
    const [ada, bob, eve] = await guests("room_said", 3);
    await ada?.ask("join_room", { room: "tea" });
    await bob?.ask("join_room", { room: "tea" });
    await eve?.ask("join_room", { room: "milk" });
    expect(await ada?.ask("room_message", { room: "tea", data: "hot" })).toMatchObject({ type: "response" });
    expect(await bob?.hears("hot")).toMatchObject({ data: { room: "tea", from: ada?.user.actor.userId } });
    await ada?.hears("hot");
    await eve?.ask("room_message", { room: "milk", data: "cold" });
    await eve?.hears("cold");
    expect(eve?.heard("room_message")).toHaveLength(1);
  });

  it("is not said by who is not in it, nor when it is too long", async () => {
    const [ada] = await guests("room_refused", 1);
    expect(await ada?.ask("room_message", { room: "tea", data: 1 })).toMatchObject({
      error: "Not in this room",
    });
    await ada?.ask("join_room", { room: "tea" });
    expect(await ada?.ask("room_message", { room: "tea", data: "x".repeat(8191) })).toMatchObject({
      error: "Invalid command",
      data: { details: "data.data: At most 8192 bytes" },
    });
    expect(await ada?.ask("room_message", { room: "tea" })).toMatchObject({ error: "Invalid command" });
    await ada?.ask("leave_room", { room: "tea" });
    expect(await ada?.ask("presence", { room: "tea" })).toMatchObject({ error: "Not in this room" });
  });

  it("is heard across the hubs over which a tenant's sockets are spread, and so is who comes and goes", async () => {
    const users = await userAtEach("room_spread", 2);
    await spread("room_spread", 2);
    const [ada, bob] = await Promise.all(users.map((user) => guest(user)));
    const ids = users.map(({ actor }) => actor.userId);
    await ada?.ask("join_room", { room: "tea" });
    const joined = await bob?.ask("join_room", { room: "tea" });
    expect(new Set(Object(joined?.data).users)).toEqual(new Set(ids));
    await ada?.next(({ event, data }) => event === "presence.changed" && data?.user_id === ids[1]);
    await bob?.ask("room_message", { room: "tea", data: "over there" });
    await ada?.hears("over there");
    await bob?.ask("leave_room", { room: "tea" });
    await ada?.next(({ event, data }) => event === "presence.changed" && data?.status === "left");
  });

  it("is heard after the hub was evicted: rooms survive hibernation", async () => {
    const [ada, bob] = await guests("room_evicted", 2);
    for (const one of [ada, bob]) await one?.ask("join_room", { room: "tea" });
    await evictDurableObject(env.TENANT_HUB.getByName("room_evicted"));
    await ada?.ask("room_message", { room: "tea", data: "still" });
    await bob?.hears("still");
  });
});

describe("Presence", () => {
  it("changes when somebody comes, and not when they load their page anew", async () => {
    const [ada, bob] = await guests("room_presence", 2);
    await ada?.ask("join_room", { room: "tea" });
    await bob?.ask("join_room", { room: "tea" });
    bob?.socket.close(1000);
    await bob?.closed;
    if (!ada || !bob) throw new Error("nobody there");
    const again = await guest(bob.user);
    const { data } = await again.ask("join_room", { room: "tea" });
    expect(new Set(Object(data).users)).toEqual(new Set([ada.user.actor.userId, bob.user.actor.userId]));
    await again.ask("room_message", { room: "tea", data: "back" });
    await ada.hears("back");
    expect(ada.heard("presence.changed").map(({ data: told }) => [told?.user_id, told?.status])).toEqual([
      [ada.user.actor.userId, "joined"],
      [bob.user.actor.userId, "joined"],
    ]);
  });
});

describe("The room of a run", () => {
  it("is for who may read it: its user and administrators, as the policy says, and no other", async () => {
    const clientId = "room_run";
    const owner = await createUserWithSession(clientId);
    const { userId } = owner.actor;
    const { correlationId } = await startedTask(clientId, oneTextStep, {}, { userId });
    const room = `run:${correlationId}`;
    const join = async (user: TestUser) => (await (await guest(user)).ask("join_room", { room })).type;
    const stranger = await createUserWithSession(clientId);
    const moderator = await createUserWithSession(clientId, { role: "moderator" });
    const admin = await createUserWithSession(clientId, { role: "admin" });
    const outcomes = await Promise.all([owner, stranger, moderator, admin].map(join));
    expect(outcomes).toEqual(["response", "error", "error", "response"]);
    expect(policies.getRun).toMatchObject({ own: ["anybody"], tenant: [{ role: "admin" }] });
    expect(runsReadBy({ userId, role: "user", permissions: [] })).toEqual({ userId });
  });

  it.each(["run:nonsense", "project:1", "conversation:1", "order:1", "customer:1"])(
    "%s is refused where there is nothing that one may read",
    async (room) => {
      const [ada] = await guests("room_things", 1);
      expect(await ada?.ask("join_room", { room })).toMatchObject({ error: "No such room" });
    },
  );
});

describe("Bounds", () => {
  it("a connection is in 50 rooms, and with the longest names and subscriptions its attachment stays below 16 KB", async () => {
    const [ada] = await guests("room_bounds", 1);
    const long = (prefix: string, length: number) => prefix.padEnd(length, "x");
    const watched = Array.from({ length: 50 }, (_, index) => ({
      entity_id: long(`e${index}`, 100),
      events: [long("execution.", 100)],
    }));
    expect(await ada?.ask("subscribe", { watched })).toMatchObject({ type: "response" });
    for (let index = 0; index < 50; index++)
      expect(await ada?.ask("join_room", { room: long(`r${index}`, 64) })).toMatchObject({
        type: "response",
      });
    expect(await ada?.ask("join_room", { room: "one-more" })).toMatchObject({ error: "Too many rooms" });
    // The platform refuses what is larger, so all of the above would have ended the connection.
    await runInDurableObject(env.TENANT_HUB.getByName("room_bounds"), (_, ctx) => {
      const [socket] = ctx.getWebSockets();
      expect(() => socket?.serializeAttachment("x".repeat(16 * 1024))).toThrow();
    });
  });

  it.each(["A", "with space", "x".repeat(65), ""])("%j is no name of a room", async (room) => {
    const [ada] = await guests("room_names", 1);
    expect(await ada?.ask("join_room", { room })).toMatchObject({ error: "Invalid command" });
  });
});

it("Staff speak to everybody in the tenant, others do not", async () => {
  const [ada] = await guests("room_tenant", 1);
  const moderator = await guest(await createUserWithSession("room_tenant", { role: "moderator" }));
  expect(await ada?.ask("tenant_message", "hello")).toMatchObject({ error: "Insufficient permissions" });
  await moderator.ask("tenant_message", { text: "Back at noon" });
  expect(await ada?.next(({ event }) => event === "tenant_message")).toMatchObject({
    data: { data: { text: "Back at noon" } },
  });
});

it("Frames as the hub before this one had them are understood", async () => {
  const [ada] = await guests("room_older", 1);
  ada?.send({ type: "join_room", data: "tea" });
  await ada?.next(({ event, type }) => type === "response" && event === "join_room");
  ada?.send({ type: "room_message", room: "tea", data: "hot" });
  await ada?.hears("hot");
  ada?.send({ type: "leave_room", room: "tea" });
  await ada?.next(({ event, type }) => type === "response" && event === "leave_room");
  ada?.send({ type: "join_room" });
  expect(await ada?.next(({ type }) => type === "error")).toMatchObject({ error: "Invalid command" });
});
