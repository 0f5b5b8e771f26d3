import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import {
  allHubShards,
  hubShardOf,
  hubShardsConcernedBy,
  spreadOver,
  unspread,
} from "#src/objects/hub-spread.ts";
import { shardName } from "#src/objects/run-id.ts";
import { perform } from "#src/operation/perform.ts";
import { findClient } from "#src/tenants/client-repository.ts";
import { sweepGates } from "#src/tenants/tell-gate.ts";
import { updateClient } from "#src/tenants/update-client.ts";
import { call, send } from "../../support/api.ts";
import { spread, userAtEach } from "../../support/hub-shards.ts";
import { bodyOf } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { connect, isEvent, say, upgrade } from "../../support/sockets.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";
import { admin, put } from "../tenants/clients.ts";

const socketsAt = (clientId: string, shard: number): Promise<number> =>
  runInDurableObject(
    env.TENANT_HUB.getByName(shardName(clientId, shard)),
    (_, ctx) => ctx.getWebSockets().length,
  );

describe("Where sockets are", () => {
  const day = 86_400_000;
  const numbers = fc.integer({ min: 1, max: 64 });

  it("is always where something of their user is told, whatever the number was within the last day", () => {
    const changes = fc.array(fc.record({ to: numbers, after: fc.integer({ min: 0, max: day }) }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(
        changes,
        fc.uuid(),
        fc.boolean(),
        fc.integer({ min: 0, max: day - 1 }),
        (made, userId, hearsOfOthers, later) => {
          let [current, now] = [unspread, 10 * day];
          const opened: { shard: number; at: number }[] = [];
          const open = () => opened.push({ shard: hubShardOf(current, userId, { hearsOfOthers }), at: now });
          open();
          for (const { to, after } of made) {
            now += after;
            open();
            current = spreadOver(to, current, now);
            open();
          }
          now += later;
          const alive = opened.filter(({ at }) => now - at < day).map(({ shard }) => shard);
          expect(hubShardsConcernedBy(current, userId, now)).toEqual(expect.arrayContaining(alive));
          expect(allHubShards(current, now)).toEqual(expect.arrayContaining(alive));
        },
      ),
    );
  });
});

describe("A tenant whose sockets are spread over several hubs", () => {
  it("has each user's at one of them and the staff's at the first, and each hears what is for them", async () => {
    const clientId = "spread_hear";
    const users = await userAtEach(clientId, 3);
    await spread(clientId, 3);
    const sockets = await Promise.all(users.map((user) => connect(user)));
    const staff = await connect(await createUserWithSession(clientId, { role: "admin" }));
    expect(await Promise.all([0, 1, 2].map((shard) => socketsAt(clientId, shard)))).toEqual([2, 1, 1]);
    for (const { subscribe } of [...sockets, staff]) await subscribe("**");
    for (const [index, { actor }] of users.entries()) await say(clientId, `of-${index}`, actor.userId);
    await say(clientId, "of-all", null, "system.notification");
    for (const { next } of [...sockets, staff]) await next(isEvent("of-all"));
    const heard = [...sockets, staff].map(({ frames }) =>
      frames.flatMap(({ entity_id }) => (entity_id?.startsWith("of-") ? entity_id : [])),
    );
    expect(heard).toEqual([
      ["of-0", "of-all"],
      ["of-1", "of-all"],
      ["of-2", "of-all"],
      ["of-0", "of-1", "of-2", "of-all"],
    ]);
  });

  it("moves sockets when the number changes: they end with 1012, and go on where they were", async () => {
    const clientId = "spread_move";
    const [first, second] = await userAtEach(clientId, 2);
    if (!first || !second) throw new Error("no users");
    const [staying, moving] = [await connect(first), await connect(second)];
    for (const { subscribe } of [staying, moving]) await subscribe("execution.*");
    await say(clientId, "before", second.actor.userId);
    const { seq } = await moving.next(isEvent("before"));
    await spread(clientId, 2);
    expect((await moving.closed).code).toBe(1012);
    await say(clientId, "meanwhile", second.actor.userId);
    const again = await connect(second, `?since=${seq}`);
    await again.subscribe("execution.*");
    await again.next(isEvent("meanwhile"));
    expect(await socketsAt(clientId, 1)).toBe(1);
    await say(clientId, "staying", first.actor.userId);
    await staying.next(isEvent("staying"));
  });

  it("takes a ticket once, also while the number changes", async () => {
    const clientId = "spread_ticket";
    const [, moving] = await userAtEach(clientId, 2);
    if (!moving) throw new Error("no user");
    const asked = await send("POST", "/ws/ticket", {}, moving.headers);
    const { ticket } = await bodyOf<{ ticket: string }>(asked, 200);
    const use = async () => (await upgrade({}, `?ticket=${encodeURIComponent(ticket)}`)).status;
    expect(await use()).toBe(101);
    await spread(clientId, 2);
    expect(await use()).toBe(401);
  });

  it("ends them wherever they are: with the session, with rights, with the tenant", async () => {
    const clientId = "spread_end";
    await spread((await createUserWithSession(clientId)).actor.clientId, 4);
    const users = await userAtEach(clientId, 4);
    const [leaving, losing, ...others] = users.toReversed();
    if (!leaving || !losing) throw new Error("no users");
    const opened = new Map(
      await Promise.all(users.map(async (user) => [user, await connect(user)] as const)),
    );
    const codeOf = async (user: TestUser) => (await opened.get(user)?.closed)?.code;
    await call("/api/v1/auth/logout", { method: "POST", headers: leaving.headers });
    expect(await codeOf(leaving)).toBe(4001);
    const staff = await createUserWithSession(clientId, { role: "admin" });
    const role = { role: "moderator" };
    expect((await send("PUT", `/api/v1/admin/users/${losing.actor.userId}`, role, staff.headers)).ok).toBe(
      true,
    );
    expect(await codeOf(losing)).toBe(4003);
    expect((await put(await admin(), clientId, { is_active: false })).status).toBe(200);
    expect(await Promise.all(others.map(codeOf))).toEqual([4001, 4001]);
  });

  it("is told by the sweep when a hub could not be reached", async () => {
    const clientId = "spread_crash";
    const [, second] = await userAtEach(clientId, 2);
    if (!second) throw new Error("no user");
    const { closed } = await connect(second);
    const { objects } = testPlatform();
    const hub: typeof objects.hub = (id, shard) => ({
      ...objects.hub(id, shard),
      settle: () => Promise.reject(new Error("crashed")),
    });
    const deaf = testPlatform({ objects: { ...objects, hub } });
    const request = { params: { client_id: clientId }, body: { hub_shards: 2 } };
    const operator = await admin();
    await expect(perform(updateClient, deaf, operator.actor, request)).rejects.toThrow("crashed");
    await sweepGates(testPlatform());
    expect((await closed).code).toBe(1012);
    expect(await findClient(database(env.DB), clientId)).toMatchObject({ hubShards: 2, gatePending: false });
  });

  it("is spread by the operator alone, over at most 64", async () => {
    const clientId = "spread_operator";
    const own = await createUserWithSession(clientId, { role: "admin" });
    expect((await put(own, clientId, { hub_shards: 2 })).status).toBe(403);
    expect((await put(await admin(), clientId, { hub_shards: 65 })).status).toBe(400);
    expect((await put(await admin(), clientId, { hub_shards: 0 })).status).toBe(400);
  });
});
