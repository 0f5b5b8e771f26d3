import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesAny } from "#client/patterns.ts";
import { permissionNames } from "#src/kernel/permissions.ts";
import { Subscriptions } from "#src/realtime/subscriptions.ts";
import { connect, isEvent, say } from "../../support/sockets.ts";
import { createUserWithSession } from "../../support/users.ts";

const hubOf = (clientId: string) => env.TENANT_HUB.getByName(clientId);

const attachmentsOf = (clientId: string): Promise<unknown[]> =>
  runInDurableObject(hubOf(clientId), (_, ctx) =>
    ctx.getWebSockets().map((socket) => socket.deserializeAttachment()),
  );

const idsOf = (frames: { type: string; entity_id?: string }[]) =>
  frames.flatMap(({ type, entity_id }) => (type === "event" && entity_id) || []);

describe("Subscriptions", () => {
  const pattern = fc.constantFrom("**", "a.*", "a.b", "b.*", "b.**");
  const entityId = fc.constantFrom(null, "one", "two");

  it("fit what one of them fits, of everything or of its one thing", () => {
    const all = fc.array(fc.record({ pattern, entityId }), { maxLength: 6 });
    fc.assert(
      fc.property(
        all,
        fc.constantFrom("a.b", "a.c", "b.c"),
        fc.constantFrom("one", "two"),
        (of, event, id) => {
          const expected = of.some(
            (one) => matchesAny([one.pattern], event) && (one.entityId === null || one.entityId === id),
          );
          const subscriptions = new Subscriptions(of);
          expect(subscriptions.fits({ event, entity_id: id })).toBe(expected);
          // Asked again it has been worked out.
          expect(subscriptions.fits({ event, entity_id: id })).toBe(expected);
        },
      ),
    );
  });

  it("have each pattern of a thing once, and lose those of that thing alone", () => {
    const both = new Subscriptions([])
      .with(["a.*", "a.*", "b.*"], null)
      .with(["a.*"], "one")
      .with(["a.*"], null);
    expect([both.of(null), both.watched]).toEqual([["a.*", "b.*"], [{ entity_id: "one", events: ["a.*"] }]]);
    const left = both.without(["a.*"], null);
    expect([left.of(null), left.watched]).toEqual([["b.*"], [{ entity_id: "one", events: ["a.*"] }]]);
  });
});

describe("A socket that watches one run", () => {
  it("hears what is said of it and of no other, also after the hub has hibernated", async () => {
    const user = await createUserWithSession("watch_one");
    const { subscribeTo, next, frames, send } = await connect(user);
    expect((await subscribeTo(["execution.*"], "run-1")).data).toEqual({
      events: [],
      watched: [{ entity_id: "run-1", events: ["execution.*"] }],
    });
    await say("watch_one", "run-2", user.actor.userId);
    await say("watch_one", "run-1", user.actor.userId);
    await next(isEvent("run-1"));
    await evictDurableObject(hubOf("watch_one"));
    const second = { id: "run-1-again", event: "execution.completed", entityId: "run-1" };
    await env.TENANT_WORKFLOWS.getByName("watch_one").appendEvents([
      { ...second, id: "other", entityId: "run-3", ownerUserId: user.actor.userId, data: {} },
      { ...second, ownerUserId: user.actor.userId, data: {} },
    ]);
    await expect.poll(() => idsOf(frames)).toEqual(["run-1", "run-1"]);
    send({
      type: "command",
      event: "unsubscribe",
      id: "u",
      data: { events: ["execution.*"], entity_id: "run-1" },
    });
    expect((await next(({ id }) => id === "u")).data).toEqual({ events: [], watched: [] });
  });

  it("is refused what is no id", async () => {
    const { subscribeTo } = await connect(await createUserWithSession("watch_nothing"));
    expect(await subscribeTo(["**"], "é")).toMatchObject({ type: "error", error: "Invalid command" });
    expect(await subscribeTo(["**"], "x".repeat(101))).toMatchObject({ type: "error" });
  });

  it("has at most 50 subscriptions in all; the largest there can be fit into what hibernates", async () => {
    const user = await createUserWithSession("watch_largest", { permissions: [...permissionNames] });
    const { subscribeTo, send, next } = await connect(user);
    const pattern = (last: string) => "x".repeat(99) + last;
    const fifty = Array.from({ length: 50 }, (_, index) => String(index + 10));
    const watched = fifty.map((id) => ({ entity_id: id.padEnd(100, "~"), events: [pattern("a")] }));
    send({ type: "command", event: "subscribe", id: "all", data: { watched } });
    await next(({ type, id }) => type === "response" && id === "all");
    expect(await subscribeTo([pattern("b")])).toMatchObject({ error: "Too many subscriptions" });
    expect(await subscribeTo(["execution.*"], "one-more")).toMatchObject({ error: "Too many subscriptions" });
    const [attachment] = await attachmentsOf("watch_largest");
    expect(attachment).toMatchObject({ watched: { length: 50 } });
    for (const id of fifty)
      send({ type: "command", event: "join_room", id, data: { room: id.padEnd(64, "-") } });
    await next(({ type, id }) => type === "response" && id === "59");
    const [withRooms] = await attachmentsOf("watch_largest");
    expect(withRooms).toMatchObject({ watched: { length: 50 }, rooms: { length: 50 } });
    // Of 16 384: what there is besides grows by a few dozen bytes at most.
    expect(JSON.stringify(withRooms).length).toBeLessThan(15_900);
  });
});

describe("A hub that has hibernated", () => {
  it("shows nobody twice what is handed to it again, and goes on where it was", async () => {
    const user = await createUserWithSession("hibernated_once");
    const { subscribe, next, frames } = await connect(user);
    await subscribe("execution.*");
    for (const id of ["a", "b", "c"]) await say("hibernated_once", id, user.actor.userId);
    await next(isEvent("c"));
    await evictDurableObject(hubOf("hibernated_once"));
    const { events } = await env.TENANT_WORKFLOWS.getByName("hibernated_once").readEvents({
      since: 0,
      limit: 10,
    });
    await hubOf("hibernated_once").publish(events);
    await subscribe("instance.*");
    await say("hibernated_once", "d", user.actor.userId);
    await next(isEvent("d"));
    expect(idsOf(frames)).toEqual(["a", "b", "c", "d"]);
  });

  it("goes on with what the release before has left in a socket's attachment", async () => {
    const user = await createUserWithSession("hibernated_before");
    const { next } = await connect(user);
    await evictDurableObject(hubOf("hibernated_before"));
    await runInDurableObject(hubOf("hibernated_before"), (_, ctx) => {
      for (const socket of ctx.getWebSockets()) {
        const { clientId, userId, role, sessionId, expiresAt } = Object(socket.deserializeAttachment());
        const outflow = { sent: 150, taken: 0, asked: [] };
        const patterns = ["execution.*"];
        socket.serializeAttachment({
          clientId,
          userId,
          role,
          sessionId,
          expiresAt,
          seenSeq: 0,
          patterns,
          outflow,
        });
      }
    });
    await evictDurableObject(hubOf("hibernated_before"));
    await say("hibernated_before", "after", user.actor.userId);
    await next(isEvent("after"));
  });

  it("brings a socket up to date that was being caught up", async () => {
    const user = await createUserWithSession("hibernated_behind");
    const { subscribe, next, frames } = await connect(user);
    await subscribe("execution.*");
    await say("hibernated_behind", "first", user.actor.userId);
    await next(isEvent("first"));
    await evictDurableObject(hubOf("hibernated_behind"));
    await runInDurableObject(hubOf("hibernated_behind"), (_, ctx) => {
      for (const socket of ctx.getWebSockets()) {
        const attachment = Object(socket.deserializeAttachment());
        // As if the last event had found no room, and nothing had been said since.
        socket.serializeAttachment({ ...attachment, isBehind: true, seenSeq: attachment.seenSeq - 1 });
      }
    });
    await evictDurableObject(hubOf("hibernated_behind"));
    await say("hibernated_behind", "second", user.actor.userId);
    await next(isEvent("second"));
    expect(idsOf(frames)).toEqual(["first", "first", "second"]);
  });
});

describe("A socket opened with ?batch=1", () => {
  it("gets what gathers as one frame, in order; everybody else gets a frame an event", async () => {
    const user = await createUserWithSession("batch_order");
    const [batched, single] = [await connect(user, "?batch=1"), await connect(user)];
    for (const { subscribe } of [batched, single]) await subscribe("execution.*");
    const before = [batched.messages.length, single.messages.length];
    const ids = Array.from({ length: 30 }, (_, index) => `run-${index}`);
    await env.TENANT_WORKFLOWS.getByName("batch_order").appendEvents(
      ids.map((id) => ({
        id,
        event: "execution.completed",
        entityId: id,
        ownerUserId: user.actor.userId,
        data: {},
      })),
    );
    for (const { next, frames } of [batched, single]) {
      await next(isEvent("run-29"));
      expect(idsOf(frames)).toEqual(ids);
    }
    const messages = [batched.messages.length, single.messages.length];
    expect(messages.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 30]);
  });

  it("gets nothing larger than 32 KB in a batch of several, and is asked whether it reads", async () => {
    const user = await createUserWithSession("batch_large");
    const { subscribe, next, frames, messages } = await connect(user, "?batch=1");
    await subscribe("execution.*");
    const text = "x".repeat(12_000);
    for (let count = 0; count < 40; count++)
      await say("batch_large", `large-${count}`, user.actor.userId, "execution.progress", { text });
    await next(isEvent("large-39"));
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(32 * 1024 + 40);
    expect(frames.some(({ event }) => event === "connection.ping")).toBe(true);
  });

  it("gets answers, and the reason for which it ends, in a batch as well", async () => {
    const { send, next, closed, frames, messages } = await connect(
      await createUserWithSession("batch_answers"),
      "?batch=1",
    );
    send({ type: "command", event: "ping", id: "p" });
    await next(({ id }) => id === "p");
    send("x".repeat(70_000));
    expect((await closed).code).toBe(1009);
    expect(frames.slice(-2)).toMatchObject([
      { error: "Message too large" },
      { event: "connection.closed", data: { code: 1009, reason: "Message too large" } },
    ]);
    expect(messages.every((message) => message.startsWith('{"type":"batch","frames":['))).toBe(true);
  });
});
