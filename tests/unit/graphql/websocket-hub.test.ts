import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { GraphqlDocuments } from "#durable-objects/tenant-hub/graphql-documents.ts";
import { dayMs } from "#src/kernel/clock.ts";
import "../../support/graphql.ts";
import { connect, type Next } from "../../support/graphql-socket.ts";
import { say } from "../../support/sockets.ts";
import { createUserWithSession as createUser } from "../../support/users.ts";

const all = 'subscription ($since: Int) { events(patterns: ["**"], since: $since) { seq event entityId } }';

let tenants = 0;
const someone = () => createUser(`gql_ws_hub_${tenants++}`);
const hubOf = (clientId: string) => env.TENANT_HUB.getByName(clientId);
const notice = (clientId: string, id: string) => say(clientId, id, null, "system.notification");

const eventsSchema = z.object({ events: z.object({ seq: z.number(), entityId: z.string() }) });
const idsIn = (payloads: readonly Next["payload"][]) =>
  payloads.map(({ data }) => eventsSchema.parse(data).events.entityId);
const seqsIn = (payloads: readonly Next["payload"][]) => payloads.map(({ extensions }) => extensions?.seq);

describe("A hub that has hibernated", () => {
  it("goes on with the subscriptions of its sockets, without a gap and without a repeat", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    const { subscribe, results } = await connect(user);
    subscribe("a", all, { since: 0 });
    for (const [index, id] of ["one", "two", "three"].entries()) {
      await notice(clientId, id);
      await results("a", index + 1);
      await evictDurableObject(hubOf(clientId));
    }
    await notice(clientId, "four");
    await results("a", 4);
    expect(idsIn(await results("a", 4))).toEqual(["one", "two", "three", "four"]);
  });

  it("tells from the log what was on its way", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    const { subscribe, results } = await connect(user);
    subscribe("a", all, { since: 0 });
    await notice(clientId, "one");
    await results("a", 1);
    for (let count = 0; count < 20; count++) await notice(clientId, `n${count}`);
    await evictDurableObject(hubOf(clientId));
    await notice(clientId, "end");
    const told = await results("a", 22);
    expect(seqsIn(told)).toEqual([...new Set(seqsIn(told))]);
    expect(idsIn(told).at(-1)).toBe("end");
  });
});

describe("The documents of subscriptions", () => {
  it("lie in the hub once, and go when no socket has used them for a day", async () => {
    const user = await someone();
    const [one, two] = [await connect(user), await connect(user)];
    for (const { subscribe, wait, send } of [one, two]) {
      subscribe("a", all);
      send({ type: "ping", payload: { begun: true } });
      await wait(({ type }) => type === "pong");
    }
    await runInDurableObject(hubOf(user.actor.clientId), async (_, { storage }) => {
      const kept = () => storage.sql.exec("SELECT digest FROM graphql_documents").toArray();
      await expect.poll(kept).toHaveLength(1);
      const documents = new GraphqlDocuments(storage.sql);
      const now = Date.now();
      const digest = documents.keep("subscription { other }", now);
      expect(documents.sweep([digest], now + dayMs / 2)).toBeLessThanOrEqual(now + dayMs);
      expect(kept()).toHaveLength(2);
      documents.sweep([digest], now + dayMs);
      expect(kept()).toEqual([{ digest }]);
      expect(documents.sweep([], now + 3 * dayMs)).toBe(Number.POSITIVE_INFINITY);
      expect(kept()).toEqual([]);
    });
  });
});

describe("Who does not read", () => {
  const data = { text: "x".repeat(40_000) };
  const large = 'subscription { events(patterns: ["system.*"], since: 0) { data } }';

  it("is asked after 256 KB, and closed with 4429 where 1 MB is not answered", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    for (let count = 0; count < 30; count++)
      await say(clientId, `n${count}`, null, "system.notification", data);
    const { subscribe, closed, messages } = await connect(user);
    subscribe("a", large);
    expect((await closed).code).toBe(4429);
    expect(messages.filter(({ type }) => type === "ping").length).toBeGreaterThanOrEqual(3);
    expect(messages.filter(({ type }) => type === "next").length).toBeLessThan(30);
  });

  it.each([
    ["with what it asked with", true],
    ["with nothing", false],
  ])("but answers %s, is told all", async (_, echoes) => {
    const user = await someone();
    const { clientId } = user.actor;
    for (let count = 0; count < 30; count++)
      await say(clientId, `n${count}`, null, "system.notification", data);
    const { subscribe, results, socket, send } = await connect(user);
    socket.addEventListener("message", ({ data: text }) => {
      const message: { type: string; payload?: unknown } = JSON.parse(String(text));
      if (message.type === "ping") send({ type: "pong", ...(echoes && { payload: message.payload }) });
    });
    subscribe("a", large);
    expect(await results("a", 30)).toHaveLength(30);
  });
});
