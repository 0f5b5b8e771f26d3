import { beforeAll, describe, expect, it } from "vitest";
import { type OperationName, type Policy, policies } from "#src/operation/policy.ts";
import { call, send } from "../../support/api.ts";
import { begin, messagesOf, say } from "../../support/chats.ts";
import { ask, isEvent, open, staffRoot } from "../../support/conversation-sockets.ts";
import { allOperations } from "../../support/operations.ts";
import { bodyOf, makeInstance } from "../../support/personas.ts";
import { tenantWorld } from "../../support/tenant-world.ts";
import { shop, visit, withWidget } from "../../support/widgets.ts";

const root = "/api/v1/conversations";
const clientId = "visitors_talk";

type Visitor = Awaited<ReturnType<typeof visit>>;
type World = Awaited<ReturnType<typeof withWidget>>;

const started = async (visitor: Visitor, instance_id: string, message?: string) =>
  bodyOf<{ conversation: { id: string; owner_kind: string; owner_id: string } }>(
    await send("POST", root, { instance_id, ...(message !== undefined && { message }) }, visitor.headers),
    201,
  );

const write = (visitor: Visitor, id: string, content: string, more: Record<string, unknown> = {}) =>
  send(
    "POST",
    `${root}/${id}/messages`,
    { client_message_id: crypto.randomUUID(), content, ...more },
    visitor.headers,
  );

let world: World;
beforeAll(async () => {
  world = await withWidget(clientId);
});

describe("A visitor talks with the widget's persona", () => {
  it("in conversations of their own, which the staff sees as a visitor's", async () => {
    const { widget, staff } = world;
    const visitor = await visit(widget.key);
    const { conversation } = await started(visitor, widget.instance_id, "Tea?");
    expect(conversation).toMatchObject({ owner_kind: "visitor", owner_id: visitor.visitor_id });
    expect((await write(visitor, conversation.id, "And coffee?")).status).toBe(201);
    const seen = await call(`/api/v1/admin/conversations/${conversation.id}`, { headers: staff.headers });
    expect(await bodyOf(seen, 200)).toMatchObject({ conversation: { owner_kind: "visitor" } });
  });

  it("and with no other persona, though it is published for everybody", async () => {
    const { widget, owner } = world;
    const visitor = await visit(widget.key);
    const other = await makeInstance(owner);
    const chat = { enabled: true, audience: "public", daily_turns_per_person: 5 };
    await bodyOf(await send("PUT", `/api/v1/personas/instances/${other.id}/chat`, chat, owner.headers), 200);
    expect((await send("POST", root, { instance_id: other.id }, visitor.headers)).status).toBe(404);
  });

  it("over a socket, on which they write as well", async () => {
    const { widget } = world;
    const visitor = await visit(widget.key);
    const { conversation } = await started(visitor, widget.instance_id);
    const socket = await open(visitor, conversation.id);
    await socket.next(isEvent("connection.established"));
    const answer = await socket.command("message.send", {
      client_message_id: "m-1",
      content: "Tea?",
      reply: false,
    });
    expect(answer).toMatchObject({ type: "response", data: { created: true } });
    const told = await socket.next(isEvent("message.created"));
    expect(told).toMatchObject({ data: { client_message_id: "m-1" } });
  });

  it("no more once the widget is switched off, at once: nor over a socket that is open", async () => {
    const { widget, staff } = await withWidget("visitors_off");
    const visitor = await visit(widget.key);
    const { conversation } = await started(visitor, widget.instance_id);
    const socket = await open(visitor, conversation.id);
    await socket.next(isEvent("connection.established"));
    await bodyOf(await send("PATCH", `/api/v1/widgets/${widget.id}`, { enabled: false }, staff.headers), 200);
    expect((await call(`${root}/${conversation.id}`, { headers: visitor.headers })).status).toBe(401);
    const refused = await socket.command("message.send", { client_message_id: "m-1", content: "Tea?" });
    expect(refused).toMatchObject({ type: "error", data: { code: "TOKEN_INVALID" } });
  });
});

function policyOf(name: string): Policy | undefined {
  const known = Object.keys(policies).find((key): key is OperationName => key === name);
  return known && policies[known];
}
const isForVisitors = (name: string): boolean => policyOf(name)?.visitors === true;

describe("A visitor reaches nothing else", () => {
  it("neither another visitor's conversations, nor an account's, nor of the tenant: 404", async () => {
    const { widget, owner, instance } = world;
    const [one, other] = [await visit(widget.key), await visit(widget.key)];
    const { conversation } = await started(other, widget.instance_id);
    const owners = await begin(owner, instance.id);
    for (const id of [conversation.id, owners.conversation.id]) {
      expect((await call(`${root}/${id}`, { headers: one.headers })).status).toBe(404);
      expect((await call(`${root}/${id}/messages`, { headers: one.headers })).status).toBe(404);
      expect((await write(one, id, "Mine?")).status).toBe(404);
      expect((await ask(one, id)).status).toBe(404);
      expect((await ask(one, id, "", staffRoot)).status).toBe(403);
    }
    const list = await bodyOf<{ conversations: unknown[] }>(await call(root, { headers: one.headers }), 200);
    expect(list.conversations).toEqual([]);
    expect((await say(owner, conversation.id, "Mine?")).status).toBe(404);
  });

  it("no operation that is not said to be for visitors, by any address", async () => {
    const { headers } = await visit(world.widget.key);
    const { ids } = await tenantWorld(clientId);
    const isForThem = (name: string) => policyOf(name)?.by === "anybody" || isForVisitors(name);
    const refused: string[] = [];
    for (const { id, method, address, body } of await allOperations()) {
      if (isForThem(id)) continue;
      const { status } = await call(address(ids), {
        method,
        headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        body,
      });
      // A page of another origin opens no socket of the tenant's, whatever it has.
      if (status !== 401 && status !== 403) refused.push(`${id}: ${status}`);
    }
    expect(refused).toEqual([]);
  });

  it("and all that is for them may be asked for by the page that they are on", async () => {
    const refused: string[] = [];
    for (const { id, method, address } of await allOperations()) {
      if (!isForVisitors(id)) continue;
      const { headers } = await call(address({}), {
        method: "OPTIONS",
        headers: { origin: shop, "access-control-request-method": method },
      });
      if (headers.get("access-control-allow-origin") !== shop) refused.push(id);
    }
    expect(refused).toEqual([]);
  });

  it("from no other page than the one that they came in from", async () => {
    const { widget } = world;
    const visitor = await visit(widget.key);
    const { conversation } = await started(visitor, widget.instance_id);
    const headers = { ...visitor.headers, origin: "https://evil.example" };
    expect((await call(`${root}/${conversation.id}`, { headers })).status).toBe(403);
    expect((await ask({ headers }, conversation.id)).status).toBe(403);
  });

  it("nor do two visitors share what is done once under a key", async () => {
    const { widget } = world;
    const [one, other] = [await visit(widget.key), await visit(widget.key)];
    const asked = (visitor: Visitor) =>
      send(
        "POST",
        root,
        { instance_id: widget.instance_id },
        { ...visitor.headers, "idempotency-key": "first" },
      );
    const ids = [];
    for (const answer of [await asked(one), await asked(other), await asked(one)])
      ids.push((await bodyOf<{ conversation: { id: string } }>(answer, 201)).conversation.id);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids[2]).toBe(ids[0]);
  });
});

describe("A visitor's talk is bounded", () => {
  it("to ten messages a minute in a conversation, where an account has twenty", async () => {
    const { widget } = world;
    const visitor = await visit(widget.key);
    const { conversation } = await started(visitor, widget.instance_id);
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++)
      statuses.push((await write(visitor, conversation.id, `Tea ${count}?`, { reply: false })).status);
    expect(statuses).toEqual([...Array(10).fill(201), 429]);
  });

  it("to five sockets", async () => {
    const { widget } = world;
    const visitor = await visit(widget.key);
    const { conversation } = await started(visitor, widget.instance_id);
    for (let count = 0; count < 5; count++) await open(visitor, conversation.id);
    expect((await ask(visitor, conversation.id)).status).toBe(429);
  });

  it("to the answers a day that the persona is published with, in whichever conversation", async () => {
    const { widget, owner } = await withWidget("visitors_daily", { chat: { daily_turns_per_person: 2 } });
    const visitor = await visit(widget.key);
    const one = await started(visitor, widget.instance_id, "Tea?");
    const other = await started(visitor, widget.instance_id, "Coffee?");
    const refused = await write(visitor, one.conversation.id, "Cake?");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(3600);
    // What asks for no answer is written all the same; and its owner is not counted.
    expect((await write(visitor, other.conversation.id, "Thanks", { reply: false })).status).toBe(201);
    const owners = await begin(owner, widget.instance_id);
    for (const text of ["a", "b", "c"])
      expect((await say(owner, owners.conversation.id, text)).status).toBe(201);
    expect((await messagesOf(owner, owners.conversation.id)).messages.length).toBeGreaterThan(2);
  });
});
