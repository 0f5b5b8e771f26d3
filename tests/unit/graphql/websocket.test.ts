import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { graphqlProtocol } from "#src/realtime/graphql-protocol.ts";
import { send } from "../../support/api.ts";
import "../../support/graphql.ts";
import { connect, open, upgrade } from "../../support/graphql-socket.ts";
import { tenantHub } from "../../support/objects.ts";
import { say } from "../../support/sockets.ts";
import { createUserWithSession as createUser } from "../../support/users.ts";

let tenants = 0;
const someone = (role?: "admin") => createUser(`gql_ws_${tenants++}`, role && { role });
const notices =
  'subscription ($since: Int) { events(patterns: ["system.*"], since: $since) { seq entityId } }';
const hubOf = (clientId: string) => env.TENANT_HUB.getByName(clientId);

describe("The handshake", () => {
  it("agrees on the sub-protocol", async () => {
    const { answer, socket } = await open(await someone());
    expect(answer.headers.get("sec-websocket-protocol")).toBe(graphqlProtocol);
    socket.close();
  });

  it("closes with 4406 when there is no sub-protocol in common", async () => {
    const user = await someone();
    const answer = await upgrade({ ...user.headers, "sec-websocket-protocol": "graphql-ws" });
    const closed = new Promise<CloseEvent>((resolve) => answer.webSocket?.addEventListener("close", resolve));
    answer.webSocket?.accept();
    expect((await closed).code).toBe(4406);
    expect(answer.headers.get("sec-websocket-protocol")).toBeNull();
  });

  it("is refused before the upgrade to who does not say who they are", async () => {
    expect((await upgrade({})).status).toBe(401);
    expect((await upgrade({ authorization: "Bearer nonsense" })).status).toBe(401);
  });

  it("is refused to a page of a foreign origin", async () => {
    const user = await someone();
    expect((await upgrade({ ...user.headers, origin: "https://evil.example" })).status).toBe(403);
  });

  it("takes a ticket in the address, once", async () => {
    const user = await someone();
    const asked = await send("POST", "/api/v1/ws/ticket", {}, user.headers);
    const { ticket } = await asked.json<{ ticket: string }>();
    const query = `?ticket=${encodeURIComponent(ticket)}`;
    const { seq, socket } = await connect({ headers: {} }, query);
    expect(seq).toBeGreaterThanOrEqual(0);
    socket.close();
    expect((await upgrade({}, query)).status).toBe(401);
  });

  it("is had at all addresses of GraphQL, and at the hub's own, told apart by the sub-protocol", async () => {
    const user = await someone();
    for (const path of ["/graphql", "/api/v1/graphql", "/ws", "/api/v1/ws"]) {
      const { socket, subscribe, results } = await connect(user, "", path);
      subscribe("a", "{ me { email } }");
      expect((await results("a", 1))[0]?.data).toEqual({ me: { email: user.actor.email } });
      socket.close();
    }
  });
});

describe("Connection initialisation", () => {
  it("is acknowledged, with the number of the log's last event", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    await say(clientId, "one", null, "system.notification");
    const { seq, messages } = await connect(user);
    expect(seq).toBeGreaterThan(0);
    expect(messages.filter(({ type }) => type === "connection_ack")).toHaveLength(1);
  });

  it("closes with 4408 where it does not come within three seconds", async () => {
    const { closed } = await open(await someone());
    expect((await closed).code).toBe(4408);
  });

  it("closes with 4408 also where the hub has hibernated meanwhile", async () => {
    const user = await someone();
    const { closed } = await open(user);
    await evictDurableObject(hubOf(user.actor.clientId));
    expect((await closed).code).toBe(4408);
  });

  it("closes with 4429 where it comes twice, also after hibernation", async () => {
    const user = await someone();
    const twice = await connect(user);
    twice.send({ type: "connection_init" });
    expect((await twice.closed).code).toBe(4429);
    const later = await connect(user);
    await evictDurableObject(hubOf(user.actor.clientId));
    later.send({ type: "connection_init" });
    expect((await later.closed).code).toBe(4429);
  });
});

describe("Pings", () => {
  it("are answered at any time, with what they carry", async () => {
    const { send: sendMessage, wait } = await open(await someone());
    sendMessage({ type: "ping", payload: { at: 7 } });
    expect(await wait(({ type }) => type === "pong")).toMatchObject({ payload: { at: 7 } });
  });

  it("without anything are answered without anything", async () => {
    const { send: sendMessage, wait } = await open(await someone());
    sendMessage({ type: "ping" });
    expect(await wait(({ type }) => type === "pong")).toEqual({ type: "pong" });
  });

  it("a pong that nobody has asked for changes nothing", async () => {
    const { send: sendMessage, subscribe, results } = await connect(await someone());
    sendMessage({ type: "pong" });
    subscribe("a", "{ __typename }");
    expect((await results("a", 1))[0]?.data).toEqual({ __typename: "Query" });
  });
});

describe("Messages", () => {
  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["of no type that there is", '{"type":"start"}'],
    ["that only a server says", '{"type":"next","id":"a","payload":{}}'],
    ["without what they need", '{"type":"subscribe","id":"a"}'],
    ["in bytes", new TextEncoder().encode('{"type":"ping"}').buffer],
  ])("close with 4400 when they are %s", async (_, message) => {
    const { send: sendMessage, closed } = await connect(await someone());
    sendMessage(message);
    expect((await closed).code).toBe(4400);
  });

  it("longer than a request close with 1009", async () => {
    const { subscribe, closed } = await connect(await someone());
    subscribe("a", "{ __typename }", { text: "x".repeat(100 * 1024) });
    expect((await closed).code).toBe(1009);
  });

  it("without end close with 4429", async () => {
    const { send: sendMessage, closed } = await connect(await someone());
    for (let count = 0; count <= 100; count++) sendMessage({ type: "complete", id: "none" });
    expect((await closed).code).toBe(4429);
  });
});

describe("Subscribing", () => {
  it("before the acknowledgement closes with 4401", async () => {
    const { subscribe, closed } = await open(await someone());
    subscribe("a", "{ __typename }");
    expect((await closed).code).toBe(4401);
  });

  it("with an id that is in use closes with 4409, also after hibernation", async () => {
    const user = await someone();
    for (const isEvicted of [false, true]) {
      const { subscribe, closed } = await connect(user);
      subscribe("a", notices);
      subscribe("b", "{ __typename }");
      if (isEvicted) await evictDurableObject(hubOf(user.actor.clientId));
      subscribe("a", "{ __typename }");
      expect((await closed).code).toBe(4409);
    }
  });

  it("to a query tells one result and that it is complete, after which its id is free", async () => {
    const { subscribe, results, ended, messages } = await connect(await someone());
    for (let count = 1; count <= 2; count++) {
      subscribe("a", "{ me { role } }");
      await results("a", count);
      await expect.poll(() => messages.filter(({ type }) => type === "complete").length).toBe(count);
    }
    expect(await ended("a")).toEqual({ type: "complete", id: "a" });
    expect(messages.map(({ type }) => type)).toEqual([
      "connection_ack",
      "next",
      "complete",
      "next",
      "complete",
    ]);
  });

  it("carries mutations out", async () => {
    const { subscribe, results } = await connect(await someone());
    subscribe("a", 'mutation { createProject(input: { name: "By socket" }) { name } }');
    expect((await results("a", 1))[0]).toMatchObject({ data: { createProject: { name: "By socket" } } });
  });

  it("names the operation that is meant, with its variables", async () => {
    const { send: sendMessage, results } = await connect(await someone());
    const query = "query One { me { role } } query Two($yes: Boolean!) { me { email @skip(if: $yes) role } }";
    const variables = { yes: true };
    sendMessage({ type: "subscribe", id: "a", payload: { query, variables, operationName: "Two" } });
    expect((await results("a", 1))[0]?.data).toEqual({ me: { role: "USER" } });
  });

  it("tells what keeps an operation from being carried out as an error, which ends it and nothing else", async () => {
    const { subscribe, refused, results, messages } = await connect(await someone());
    subscribe("syntax", "{");
    subscribe("field", "{ weather }");
    subscribe("deep", `{ projects(first: 100) { nodes { instances(first: 100) { nodes { id name } } } } }`);
    expect(await refused("syntax")).toBe("VALIDATION_ERROR");
    expect(await refused("field")).toBe("VALIDATION_ERROR");
    expect(await refused("deep")).toBe("QUERY_TOO_COMPLEX");
    subscribe("field", "{ __typename }");
    expect(await results("field", 1)).toHaveLength(1);
    expect(messages.some((message) => message.type === "complete" && message.id === "syntax")).toBe(false);
  });

  it("tells what a field is refused in its result", async () => {
    const { subscribe, results } = await connect(await someone());
    subscribe("a", "{ dashboard(days: 7) { period { days } } }");
    expect((await results("a", 1))[0]?.errors?.[0]?.extensions.code).toBe("INSUFFICIENT_PERMISSIONS");
  });

  it("refuses by itself what would not stay what it is", async () => {
    const { send: sendMessage, refused } = await connect(await someone());
    sendMessage(
      '{"type":"subscribe","id":"a","payload":{"query":"{ __typename }","variables":{"n":9007199254740993}}}',
    );
    expect(await refused("a")).toBe("VALIDATION_ERROR");
  });

  it("has at most 50 operations under way; another is refused, and the socket stays", async () => {
    const user = await someone();
    const { subscribe, refused, results } = await connect(user);
    for (let count = 0; count < 50; count++) subscribe(`s${count}`, notices);
    subscribe("another", notices);
    expect(await refused("another")).toBe("LIMIT_EXCEEDED");
    await say(user.actor.clientId, "all", null, "system.notification");
    for (const id of ["s0", "s49"]) expect((await results(id, 1))[0]?.data).toBeDefined();
  });

  it("keeps variables of 2 KB and as much as fits into what hibernates; what does not is refused", async () => {
    const { subscribe, refused } = await connect(await someone());
    const query = "subscription ($filter: OrderUpdatesFilter) { orderUpdates(filter: $filter) { seq } }";
    subscribe("long", query, { filter: { customerId: "x".repeat(2100) } });
    expect(await refused("long")).toBe("LIMIT_EXCEEDED");
    const customerId = "0197a000-0000-7000-8000-000000000001";
    const filter = { customerId };
    for (let count = 0; count < 12; count++) subscribe(`s${count}`, query, { filter, pad: "y".repeat(1800) });
    expect(await refused("s11")).toBe("LIMIT_EXCEEDED");
  });
});

describe("Completing", () => {
  it("ends a subscription: nothing more is told of it, and its id is free", async () => {
    const user = await someone();
    const { clientId } = user.actor;
    const { subscribe, send: sendMessage, results, messages, seq } = await connect(user);
    subscribe("a", notices, { since: seq });
    subscribe("b", notices, { since: seq });
    await say(clientId, "one", null, "system.notification");
    await results("a", 1);
    sendMessage({ type: "complete", id: "a" });
    sendMessage({ type: "ping", payload: { done: true } });
    await expect.poll(() => messages.some(({ type }) => type === "pong")).toBe(true);
    await say(clientId, "two", null, "system.notification");
    await results("b", 2);
    expect(await results("a", 1)).toHaveLength(1);
    subscribe("a", "{ __typename }");
    expect(await results("a", 2)).toHaveLength(2);
  });

  it("of what is not under way changes nothing", async () => {
    const { subscribe, send: sendMessage, results } = await connect(await someone());
    sendMessage({ type: "complete", id: "nothing" });
    subscribe("a", "{ __typename }");
    expect(await results("a", 1)).toHaveLength(1);
  });
});

describe("The end of a connection", () => {
  it("is 4401 with the session, and 4403 with the rights", async () => {
    const [one, other] = [await someone(), await someone()];
    const [first, second] = [await connect(one), await connect(other)];
    await tenantHub(one.actor.clientId).endSessions([one.actor.sessionId]);
    await tenantHub(other.actor.clientId).endRights(other.actor.userId);
    expect((await first.closed).code).toBe(4401);
    expect((await second.closed).code).toBe(4403);
  });

  it("is 4401 with the tenant, and 1012 where the socket belongs to another hub", async () => {
    const [one, other] = [await someone(), await someone()];
    const [first, second] = [await connect(one), await connect(other)];
    await tenantHub(one.actor.clientId).endAll();
    const spread = { hubShards: 1, hubShardsBefore: 2, hubShardsAt: 1 };
    await tenantHub(other.actor.clientId).settle(1, spread);
    expect((await first.closed).code).toBe(4401);
    expect((await second.closed).code).toBe(1012);
  });

  it("counts among the sockets of its user", async () => {
    const user = await someone();
    for (let count = 0; count < 20; count++) await open(user);
    expect((await upgrade(user.headers)).status).toBe(429);
  });
});
