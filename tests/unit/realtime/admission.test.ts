import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { forgetLease } from "#src/objects/access-lease.ts";
import { createApp } from "#workers/gateway/app.ts";
import { later, statusOf } from "../../support/accounts.ts";
import { call, send } from "../../support/api.ts";
import { accessGate } from "../../support/objects.ts";
import { bodyOf } from "../../support/personas.ts";
import { connect, upgrade } from "../../support/sockets.ts";
import { createUser, createUserWithSession, type TestUser } from "../../support/users.ts";

/** What only the database knows of a session that has just ended elsewhere. */
const endInDatabase = ({ actor }: TestUser) =>
  env.DB.prepare("UPDATE sessions SET revoked_at = ? WHERE id = ?").bind(Date.now(), actor.sessionId).run();

const ticketOf = async (headers: Record<string, string>, path = "/api/v1/ws/ticket") =>
  (await bodyOf<{ ticket: string; expires_in: number }>(await send("POST", path, {}, headers), 200)).ticket;

const withTicket = (ticket: string, headers: Record<string, string> = {}) =>
  upgrade(headers, `?ticket=${encodeURIComponent(ticket)}`);

describe("A socket is refused to a session", () => {
  it("that has never been", async () => {
    const { headers } = await createUser("admission_never");
    expect(await statusOf(headers)).toBe(200);
    expect((await upgrade(headers)).status).toBe(401);
    expect((await call("/ws/ticket", { method: "POST", headers })).status).toBe(401);
  });

  it("that has ended elsewhere, though the lease of this isolate does not know it yet", async () => {
    const user = await createUserWithSession("admission_database");
    expect(await statusOf(user.headers)).toBe(200);
    await endInDatabase(user);
    expect(await statusOf(user.headers)).toBe(200);
    expect((await upgrade(user.headers)).status).toBe(401);
  });

  it("that ends while the socket is being opened: the gate is asked once more, and it closes with 4001", async () => {
    const user = await createUserWithSession("admission_gate");
    expect(await statusOf(user.headers)).toBe(200);
    await accessGate("admission_gate").revokeSessions([user.actor.sessionId], Date.now() + 60_000);
    const { closed, frames } = await connect(user);
    expect((await closed).code).toBe(4001);
    expect(frames.map(({ event }) => event)).toEqual(["connection.closed"]);
  });

  it("of a tenant that is being switched off", async () => {
    const user = await createUserWithSession("admission_tenant");
    expect(await statusOf(user.headers)).toBe(200);
    await accessGate("admission_tenant").setTenantActive(false);
    expect((await (await connect(user)).closed).code).toBe(4001);
    forgetLease("admission_tenant");
    expect((await upgrade(user.headers)).status).toBe(401);
  });
});

it.each([
  ["GET", "/ws"],
  ["POST", "/ws/ticket"],
])(
  "Whoever asks for a socket while the database cannot be reached may come back: %s %s",
  async (method, path) => {
    const user = await createUserWithSession("admission_no_database");
    expect(await statusOf(user.headers)).toBe(200);
    const DB = new Proxy(env.DB, {
      get(target, name) {
        if (name === "prepare") throw new Error("D1_ERROR: Network connection lost.");
        return Reflect.get(target, name);
      },
    });
    const headers = { ...user.headers, ...(method === "GET" && { upgrade: "websocket" }) };
    const request = new Request(`http://platform.test/api/v1${path}`, { method, headers });
    const answer = await createApp().fetch(request, { ...env, DB }, createExecutionContext());
    expect(await bodyOf(answer, 503)).toMatchObject({ error: "UPSTREAM_UNAVAILABLE" });
    expect(answer.headers.get("retry-after")).toBe("5");
  },
);

describe("An open socket", () => {
  it.each([
    ["the role is another", "PUT", "", { role: "user" }, 4003],
    ["a permission is taken away", "DELETE", "/permissions/personas.create", {}, 4003],
    ["the account is switched off", "PUT", "", { is_active: false }, 4001],
  ])("ends when %s", async (_, method, path, body, code) => {
    const admin = await createUser("admission_rights", { role: "admin" });
    const user = await createUserWithSession("admission_rights", { role: "moderator" });
    const account = `/api/v1/admin/users/${user.actor.userId}`;
    const granted = { permission_name: "personas.create" };
    expect((await send("POST", `${account}/permissions`, granted, admin.headers)).status).toBe(201);
    const { closed, next } = await connect(user);
    await next(({ event }) => event === "connection.established");
    expect((await send(method, `${account}${path}`, body, admin.headers)).ok).toBe(true);
    expect((await closed).code).toBe(code);
    expect((await upgrade(user.headers)).status).toBe(401);
  });
});

describe("A ticket", () => {
  it.each(["/ws/ticket", "/api/v1/ws/ticket"])("from POST %s opens a socket once", async (path) => {
    const user = await createUserWithSession(`ticket_once_${path.length}`);
    const ticket = await ticketOf(user.headers, path);
    const answer = await withTicket(ticket);
    expect(answer.status).toBe(101);
    answer.webSocket?.accept();
    expect((await withTicket(ticket)).status).toBe(401);
  });

  it("opens one socket when it is used by many at once", async () => {
    const user = await createUserWithSession("ticket_race");
    const ticket = await ticketOf(user.headers);
    const answers = await Promise.all(Array.from({ length: 8 }, () => withTicket(ticket)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([101, ...Array(7).fill(401)]);
  });

  it("is good for 30 seconds", async () => {
    const user = await createUserWithSession("ticket_time");
    const [early, late] = [await ticketOf(user.headers), await ticketOf(user.headers)];
    expect((await later(28_000, () => withTicket(early))).status).toBe(101);
    expect((await later(31_000, () => withTicket(late))).status).toBe(401);
  });

  it("ends with its session", async () => {
    const user = await createUserWithSession("ticket_session");
    const ticket = await ticketOf(user.headers);
    await endInDatabase(user);
    expect((await withTicket(ticket)).status).toBe(401);
  });

  it("is good only from the origin that asked for it", async () => {
    const user = await createUserWithSession("ticket_origin");
    const page = { origin: "http://allowed.test" };
    const ticket = await ticketOf({ ...user.headers, ...page });
    expect((await withTicket(ticket)).status).toBe(401);
    expect((await withTicket(ticket, { origin: "http://platform.test" })).status).toBe(401);
    expect((await withTicket(ticket, page)).status).toBe(101);
    expect((await withTicket(await ticketOf(user.headers), page)).status).toBe(401);
  });

  it("is given to no page of an origin that may not connect, and to nobody without a token", async () => {
    const user = await createUserWithSession("ticket_refused");
    const evil = { origin: "https://evil.example" };
    expect((await send("POST", "/ws/ticket", {}, { ...user.headers, ...evil })).status).toBe(403);
    expect((await send("POST", "/ws/ticket", {})).status).toBe(401);
  });

  it("is no access token, and an access token is no ticket", async () => {
    const user = await createUserWithSession("ticket_kind");
    const ticket = await ticketOf(user.headers);
    expect(await statusOf({ authorization: `Bearer ${ticket}` })).toBe(401);
    expect((await withTicket(user.token)).status).toBe(401);
    expect((await withTicket("nonsense")).status).toBe(401);
  });
});
