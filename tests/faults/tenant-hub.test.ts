import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { shardName } from "#src/objects/run-id.ts";
import { guest } from "../support/guests.ts";
import { spread, userAtEach } from "../support/hub-shards.ts";
import { nextTurn } from "../support/next-turn.ts";
import { connect, isEvent, say } from "../support/sockets.ts";
import { createUserWithSession } from "../support/users.ts";

const hubOf = (clientId: string) => env.TENANT_HUB.getByName(clientId);

/** Does something while the tenant's log cannot be read. */
async function withoutLog<T>(clientId: string, work: () => Promise<T>): Promise<T> {
  const rename = (from: string, to: string) =>
    runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) => {
      storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
    });
  await rename("events", "lost_events");
  try {
    return await work();
  } finally {
    await rename("lost_events", "events");
  }
}

/** Changes the attachments of a tenant's first sockets while the hub hibernates, as another release may have left them. */
async function spoil(clientId: string, ...changes: ((attachment: object) => unknown)[]) {
  // What it has not written yet is written before.
  await evictDurableObject(hubOf(clientId));
  await runInDurableObject(hubOf(clientId), (_, ctx) => {
    for (const [index, socket] of ctx.getWebSockets().slice(0, changes.length).entries())
      socket.serializeAttachment(changes[index]?.(Object(socket.deserializeAttachment())));
  });
  await evictDurableObject(hubOf(clientId));
}

describe("One socket's trouble reaches no other", () => {
  it("when its greeting fails: it ends, and can come again", async () => {
    const user = await createUserWithSession("hub_greeting");
    const well = await connect(user);
    await well.subscribe("execution.*");
    const broken = await withoutLog("hub_greeting", () => connect(user));
    expect((await broken.closed).code).toBe(1011);
    await say("hub_greeting", "after", user.actor.userId);
    await well.next(isEvent("after"));
    const again = await connect(user);
    await again.next(({ event }) => event === "connection.established");
  });

  it.each([
    ["empty", null],
    ["of another form", { some: "thing" }],
  ])("when its attachment is %s: it ends, and the other hears", async (name, attachment) => {
    const clientId = `hub_attachment_${name.length}`;
    const user = await createUserWithSession(clientId);
    const spoilt = await connect(user);
    await spoil(clientId, () => attachment);
    const well = await connect(user);
    await well.subscribe("execution.*");
    await say(clientId, "after", user.actor.userId);
    await well.next(isEvent("after"));
    expect((await spoilt.closed).code).toBe(1011);
  });

  it("when time passes: those whose token has run out end, also behind one that cannot be read", async () => {
    const user = await createUserWithSession("hub_alarm");
    const sockets = [await connect(user), await connect(user), await connect(user)];
    const runOut = (attachment: object) => ({ ...attachment, expiresAt: 1 });
    await spoil("hub_alarm", () => "nonsense", runOut, runOut);
    expect(await runDurableObjectAlarm(hubOf("hub_alarm"))).toBe(true);
    const closed = await Promise.all(sockets.map((socket) => socket.closed));
    expect(closed.map(({ code }) => code).toSorted()).toEqual([1011, 4001, 4001]);
  });

  it("when a command of its fails", async () => {
    const user = await createUserWithSession("hub_command");
    const [asking, well] = [await connect(user), await connect(user)];
    await well.subscribe("execution.*");
    const closed = await withoutLog("hub_command", async () => {
      asking.send({ type: "command", event: "history", data: { since: 0 } });
      return asking.closed;
    });
    expect(closed.code).toBe(1011);
    await say("hub_command", "after", user.actor.userId);
    await well.next(isEvent("after"));
  });
});

describe("A socket is opened", () => {
  it("with its attachment there before anybody can look at it", async () => {
    const user = await createUserWithSession("hub_mid_upgrade");
    const attachments = () =>
      runInDurableObject(hubOf("hub_mid_upgrade"), (_, ctx) =>
        ctx.getWebSockets().map((socket) => socket.deserializeAttachment()),
      );
    const opening = connect(user);
    const seen: unknown[] = [];
    let isOpen = false;
    const opened = opening.then(() => {
      isOpen = true;
    });
    while (!isOpen) {
      seen.push(...(await attachments()));
      await nextTurn();
    }
    await opened;
    expect([...seen, ...(await attachments())]).not.toContain(null);
  });
});

it("One of a tenant's hubs that is broken holds up no other, and its own sockets hear of all when it is mended", async () => {
  const clientId = "hub_of_two";
  const users = await userAtEach(clientId, 2);
  await spread(clientId, 2);
  const [well, lame] = await Promise.all(users.map((user) => connect(user)));
  await well?.subscribe("system.*");
  await lame?.subscribe("system.*");
  const broken = await runInDurableObject(env.TENANT_HUB.getByName(shardName(clientId, 1)), (hub) => hub);
  const { publish } = TenantHub.prototype;
  const spied = vi.spyOn(TenantHub.prototype, "publish").mockImplementation(async function (
    this: TenantHub,
    ...call
  ) {
    if (this === broken) throw new Error("broken");
    return publish.apply(this, call);
  });
  for (const id of ["one", "two", "three"]) {
    await say(clientId, id, null, "system.notification");
    await well?.next(isEvent(id));
  }
  expect(lame?.frames.filter(({ seq }) => seq !== undefined)).toEqual([]);
  spied.mockRestore();
  const alarm = () => runDurableObjectAlarm(env.TENANT_WORKFLOWS.getByName(clientId));
  await expect.poll(alarm).toBe(true);
  for (const id of ["one", "two", "three"]) await lame?.next(isEvent(id));
  const heard = well?.frames.flatMap(({ seq, entity_id }) => (seq === undefined ? [] : entity_id));
  expect(heard).toEqual(["one", "two", "three"]);
});

it("Whoever comes into a room is told who is there, though another of the tenant's hubs does not answer", async () => {
  const clientId = "hub_deaf";
  const users = await userAtEach(clientId, 2);
  await spread(clientId, 2);
  const [well, lame] = await Promise.all(users.map((user) => guest(user)));
  await lame?.ask("join_room", { room: "tea" });
  const broken = await runInDurableObject(env.TENANT_HUB.getByName(shardName(clientId, 1)), (hub) => hub);
  const { usersIn } = TenantHub.prototype;
  const spied = vi.spyOn(TenantHub.prototype, "usersIn").mockImplementation(async function (
    this: TenantHub,
    room,
  ) {
    if (this === broken) throw new Error("broken");
    return usersIn.call(this, room);
  });
  const joined = await well?.ask("join_room", { room: "tea" });
  expect(joined).toMatchObject({ type: "response", data: { users: [users[0]?.actor.userId], count: 1 } });
  spied.mockRestore();
  expect(await well?.ask("presence", { room: "tea" })).toMatchObject({ data: { count: 2 } });
});

it("A hub that was away for longer than the log keeps tells its sockets of the gap", async () => {
  const clientId = "hub_away";
  const user = await createUserWithSession(clientId);
  const [well, quiet] = [await connect(user), await connect(user)];
  await well.subscribe("execution.*");
  await quiet.subscribe("user.*");
  await say(clientId, "before", user.actor.userId);
  const { seq = 0 } = await well.next(isEvent("before"));
  const log = env.TENANT_WORKFLOWS.getByName(clientId);
  const publish = vi.spyOn(TenantHub.prototype, "publish").mockRejectedValue(new Error("away"));
  for (const id of ["lost", "left"]) await say(clientId, id, user.actor.userId);
  await expect.poll(() => publish.mock.calls.length).toBeGreaterThan(0);
  await runInDurableObject(log, (_, { storage }) => {
    storage.sql.exec("DELETE FROM event_blocks WHERE last_seq < (SELECT max(last_seq) FROM event_blocks)");
  });
  publish.mockRestore();
  await say(clientId, "after", user.actor.userId);
  await well.next(isEvent("after"));
  const told = well.frames.flatMap(({ event, entity_id, data }): unknown[] =>
    event === "history.gap" ? [data] : entity_id === undefined ? [] : [entity_id],
  );
  expect(told).toEqual(["before", { since: seq, oldest: seq + 2, latest: seq + 3 }, "left", "after"]);
  // Whoever wants nothing of what there is has missed something all the same.
  await quiet.next(({ event }) => event === "history.gap");
});
