import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { Listener } from "#durable-objects/tenant-hub/listener.ts";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import type { PlatformEvent } from "#src/events/platform-event.ts";
import { call } from "../../support/api.ts";
import { tenantHub, tenantObject } from "../../support/objects.ts";
import { connect, isEvent, say } from "../../support/sockets.ts";
import { createUserWithSession as createUser } from "../../support/users.ts";

const completedRun = (seq: number): PlatformEvent => ({
  seq,
  event: "execution.completed",
  entity_id: `entity-${seq}`,
  owner_user_id: null,
  data: {},
  timestamp: "2026-01-01T00:00:00.000Z",
});

describe("Connecting", () => {
  it("greets with connection.established", async () => {
    const user = await createUser("ws_hello");
    const { next } = await connect(user);
    expect(await next(({ event }) => event === "connection.established")).toMatchObject({
      type: "event",
      data: { user_id: user.actor.userId },
    });
  });

  it("takes the token from the sub-protocols, as browsers send it", async () => {
    const { token } = await createUser("ws_protocol");
    const answer = await call("/ws", {
      headers: { upgrade: "websocket", "sec-websocket-protocol": `bearer, ${token}` },
    });
    expect(answer.status).toBe(101);
    expect(answer.headers.get("sec-websocket-protocol")).toBe("bearer");
    answer.webSocket?.accept();
  });

  it.each([
    ["401 without a token", 401, { upgrade: "websocket" }],
    ["401 without a token, also when it is no upgrade", 401, {}],
    ["403 for an origin that is not allowed", 403, { upgrade: "websocket", origin: "https://evil.example" }],
  ])("is refused: %s", async (_, status, headers) => {
    expect((await call("/api/v1/ws", { headers })).status).toBe(status);
  });

  it("is refused with 426 when it is no upgrade", async () => {
    const { headers } = await createUser("ws_no_upgrade");
    expect((await call("/api/v1/ws", { headers })).status).toBe(426);
  });

  it("is allowed from a configured origin", async () => {
    const user = await createUser("ws_origin");
    const answer = await call("/api/v1/ws", {
      headers: { ...user.headers, upgrade: "websocket", origin: "http://allowed.test" },
    });
    expect(answer.status).toBe(101);
    answer.webSocket?.accept();
  });
});

describe("Events", () => {
  it("reach who owns them and has subscribed, and nobody else", async () => {
    const [owner, other] = [await createUser("ws_owner"), await createUser("ws_owner")];
    const [mine, theirs] = [await connect(owner), await connect(other)];
    await mine.subscribe("execution.*");
    await theirs.subscribe("**");
    await say("ws_owner", "e1", owner.actor.userId);
    await say("ws_owner", "e2", other.actor.userId);
    await mine.next(isEvent("e1"));
    await theirs.next(isEvent("e2"));
    expect(theirs.frames.some(isEvent("e1"))).toBe(false);
    expect(mine.frames.some(isEvent("e2"))).toBe(false);
  });

  it("of the whole tenant reach its administrators, and never another tenant's", async () => {
    const user = await createUser("ws_tenant_a");
    const admin = await connect(await createUser("ws_tenant_a", { role: "admin" }));
    const stranger = await connect(await createUser("ws_tenant_b", { role: "admin" }));
    await admin.subscribe("**");
    await stranger.subscribe("**");
    await say("ws_tenant_a", "secret", user.actor.userId);
    await admin.next(isEvent("secret"));
    await say("ws_tenant_b", "own", null);
    await stranger.next(isEvent("own"));
    expect(stranger.frames.some(isEvent("secret"))).toBe(false);
  });

  it("have their bytes counted once, however many sockets they go to", async () => {
    const user = await createUser("ws_counted");
    const sockets = await Promise.all([connect(user), connect(user), connect(user)]);
    for (const { subscribe } of sockets) await subscribe("**");
    const counted = await runInDurableObject(
      env.TENANT_HUB.getByName("ws_counted"),
      async (hub: TenantHub) => {
        const encode = vi.spyOn(TextEncoder.prototype, "encode");
        const published = hub.publish([1001, 1002].map(completedRun));
        const times = encode.mock.calls.length;
        encode.mockRestore();
        expect(await published).toEqual({ sockets: 3 });
        return times;
      },
    );
    for (const { next } of sockets) await next(isEvent("entity-1002"));
    expect(counted).toBe(2);
  });

  it("that are one user's are looked at for that user and the staff alone", async () => {
    const [owner, other] = [await createUser("ws_meant"), await createUser("ws_meant")];
    const admin = await createUser("ws_meant", { role: "admin" });
    for (const user of [owner, other, other, admin]) await (await connect(user)).subscribe("**");
    const offered = await runInDurableObject(env.TENANT_HUB.getByName("ws_meant"), async (hub: TenantHub) => {
      const offer = vi.spyOn(Listener.prototype, "offer");
      await hub.publish([{ ...completedRun(1001), owner_user_id: owner.actor.userId }]);
      const ofOne = offer.mock.calls.length;
      await hub.publish([completedRun(1002)]);
      const ofAll = offer.mock.calls.length - ofOne;
      offer.mockRestore();
      return { ofOne, ofAll };
    });
    expect(offered).toEqual({ ofOne: 2, ofAll: 4 });
  });

  it("that were missed come after ?since, in order and once", async () => {
    const user = await createUser("ws_since");
    for (const id of ["m1", "m2", "m3"]) await say("ws_since", id, user.actor.userId);
    const { frames, subscribe, next } = await connect(user, "?since=1");
    await subscribe("execution.*");
    await say("ws_since", "m4", user.actor.userId);
    await next(isEvent("m4"));
    expect(frames.filter(({ entity_id }) => entity_id).map(({ entity_id }) => entity_id)).toEqual([
      "m2",
      "m3",
      "m4",
    ]);
  });

  it("reach who connects after nobody had been listening", async () => {
    const user = await createUser("ws_empty_room");
    const publish = vi.spyOn(TenantHub.prototype, "publish");
    await say("ws_empty_room", "unheard", user.actor.userId);
    await expect.poll(() => publish.mock.settledResults[0]?.value).toEqual({ sockets: 0 });
    publish.mockRestore();
    const { frames, subscribe, next } = await connect(user);
    await subscribe("execution.*");
    await say("ws_empty_room", "heard", user.actor.userId);
    await next(isEvent("heard"));
    expect(frames.some(isEvent("unheard"))).toBe(false);
  });

  it("published twice are shown once", async () => {
    const user = await createUser("ws_twice");
    const { frames, subscribe, next } = await connect(user);
    await subscribe("execution.*");
    await say("ws_twice", "t1", user.actor.userId);
    await next(isEvent("t1"));
    const { events } = await tenantObject("ws_twice").readEvents({ since: 0, limit: 10 });
    await tenantHub("ws_twice").publish(events);
    await say("ws_twice", "t2", user.actor.userId);
    await next(isEvent("t2"));
    expect(frames.filter(isEvent("t1"))).toHaveLength(1);
  });

  it("keep coming after the hub was evicted: subscriptions survive hibernation", async () => {
    const user = await createUser("ws_evicted");
    const { subscribe, next } = await connect(user);
    await subscribe("execution.*");
    await evictDurableObject(env.TENANT_HUB.getByName("ws_evicted"));
    await say("ws_evicted", "after", user.actor.userId);
    await next(isEvent("after"));
  });

  it("stop after unsubscribe", async () => {
    const user = await createUser("ws_unsubscribe");
    const { frames, send, subscribe, next } = await connect(user);
    await subscribe("execution.*", "instance.*");
    send({ type: "command", event: "unsubscribe", id: "u", data: { events: ["execution.*"] } });
    await next(({ event }) => event === "unsubscribe");
    await say("ws_unsubscribe", "x", user.actor.userId);
    await say("ws_unsubscribe", "y", user.actor.userId, "instance.created");
    await next(isEvent("y"));
    expect(frames.some(isEvent("x"))).toBe(false);
  });
});

describe("Commands", () => {
  it("ping is answered by pong with the same id", async () => {
    const { send, next } = await connect(await createUser("ws_ping"));
    send({ type: "command", event: "ping", id: "p1" });
    expect(await next(({ event }) => event === "pong")).toMatchObject({ type: "response", id: "p1" });
  });

  it("history shows one's own past events", async () => {
    const user = await createUser("ws_history");
    await say("ws_history", "h1", user.actor.userId);
    await say("ws_history", "h2", "somebody-else");
    const { send, next } = await connect(user);
    send({ type: "command", event: "history", id: "h", data: { since: 0 } });
    const { data } = await next(({ event }) => event === "history");
    expect(data?.events).toMatchObject([{ entity_id: "h1" }]);
  });

  it.each([
    ["an unknown one", JSON.stringify({ type: "command", event: "dance", id: "d" }), "dance"],
    ["no JSON", "{", undefined],
    [
      "a pattern that is none",
      JSON.stringify({ type: "command", event: "subscribe", data: { events: ["A B"] } }),
      "subscribe",
    ],
  ])("%s gets an error and keeps the connection", async (_, frame, command) => {
    const { send, next } = await connect(await createUser("ws_invalid"));
    send(frame);
    const refusal = await next(({ type }) => type === "error");
    expect(refusal.error).toBe("Invalid command");
    expect(refusal.data?.command).toBe(command);
    send({ type: "command", event: "ping" });
    await next(({ event }) => event === "pong");
  });

  it("over 64 KB end the connection", async () => {
    const { send, closed } = await connect(await createUser("ws_large"));
    send("x".repeat(70_000));
    expect((await closed).code).toBe(1009);
  });

  it("in a flood end the connection", async () => {
    const { send, closed } = await connect(await createUser("ws_flood"));
    for (let count = 0; count < 150; count++) send({ type: "command", event: "ping" });
    expect((await closed).code).toBe(1008);
  });
});

it("A connection ends with its session", async () => {
  const user = await createUser("ws_logout");
  const { closed } = await connect(user);
  await call("/api/v1/auth/logout", { method: "POST", headers: user.headers });
  expect((await closed).code).toBe(4001);
});
