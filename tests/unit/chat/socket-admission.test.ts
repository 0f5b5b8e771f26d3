import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { begin } from "../../support/chats.ts";
import { ask, isEvent, open, staffRoot } from "../../support/conversation-sockets.ts";
import { accessGate } from "../../support/objects.ts";
import { bodyOf, makeInstance } from "../../support/personas.ts";
import { createUserWithSession } from "../../support/users.ts";

const clientId = "chat_socket";

/** Somebody with a conversation of theirs. */
async function talking(tenant = clientId) {
  const user = await createUserWithSession(tenant);
  const instance = await makeInstance(user, { model: "claude-haiku-5-5" });
  const { conversation } = await begin(user, instance.id);
  return { user, id: conversation.id, place: { clientId: tenant, id: conversation.id } };
}

const staffOf = (tenant: string) => createUserWithSession(tenant, { role: "moderator" });

describe("A socket at a conversation is refused", () => {
  it("where the conversation is somebody else's, or none: 404", async () => {
    const { id } = await talking();
    const other = await createUserWithSession(clientId);
    const foreign = await staffOf("chat_socket_elsewhere");
    expect((await ask(other, id)).status).toBe(404);
    expect((await ask(other, crypto.randomUUID())).status).toBe(404);
    expect((await ask(foreign, id, "", staffRoot)).status).toBe(404);
    expect((await ask(other, id, "", staffRoot)).status).toBe(403);
  });

  it("without a token, without an upgrade, and to a page of another origin", async () => {
    const { user, id } = await talking();
    expect((await ask({ headers: {} }, id)).status).toBe(401);
    const plain = await call(`/api/v1/conversations/${id}/ws`, { headers: user.headers });
    expect([plain.status, plain.headers.get("upgrade")]).toEqual([426, "websocket"]);
    const foreign = { headers: { ...user.headers, origin: "https://evil.example" } };
    expect((await ask(foreign, id)).status).toBe(403);
  });

  it("when a person has twenty, while others find a place", async () => {
    const { user, id } = await talking();
    for (let count = 0; count < 20; count++) await open(user, id);
    const refused = await ask(user, id);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
    await open(await staffOf(clientId), id, { root: staffRoot });
  });

  it("with a ticket that was used", async () => {
    const { user, id } = await talking();
    const { ticket } = await bodyOf<{ ticket: string }>(
      await send("POST", "/api/v1/ws/ticket", undefined, user.headers),
      200,
    );
    const socket = await open({ headers: {} }, id, { query: `?ticket=${ticket}` });
    await socket.next(isEvent("connection.established"));
    expect((await ask({ headers: {} }, id, `?ticket=${ticket}`)).status).toBe(401);
  });
});

describe("A socket at a conversation ends", () => {
  it("with 4001 when its session ends", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    await bodyOf(await send("POST", "/api/v1/auth/logout", undefined, user.headers), 200);
    expect((await socket.closed).code).toBe(4001);
    expect(socket.frames.at(-1)).toMatchObject({ event: "connection.closed", data: { code: 4001 } });
  });

  it("with 4001 where its session has ended while it was opened", async () => {
    const { user, id } = await talking();
    await accessGate(clientId).revokeSessions([user.actor.sessionId], Date.now() + 60_000);
    // This isolate's lease of the gate does not know of it yet, nor does the database.
    const socket = await open(user, id);
    expect((await socket.closed).code).toBe(4001);
  });

  it("with 4003 when somebody of the staff loses their role", async () => {
    const { id } = await talking();
    const [moderator, admin] = [
      await staffOf(clientId),
      await createUserWithSession(clientId, { role: "admin" }),
    ];
    const socket = await open(moderator, id, { root: staffRoot });
    const path = `/api/v1/admin/users/${moderator.actor.userId}`;
    await bodyOf(await send("PUT", path, { role: "user" }, admin.headers), 200);
    expect((await socket.closed).code).toBe(4003);
  });

  it("with 4003 when the conversation is erased, which it is told before", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    await send("DELETE", `/api/v1/conversations/${id}`, undefined, user.headers);
    expect((await socket.closed).code).toBe(4003);
    expect(socket.frames.map(({ event }) => event)).toContain("conversation.erased");
  });

  it("and no other with it, when it floods", async () => {
    const { user, id } = await talking();
    const [loud, quiet] = [await open(user, id), await open(user, id)];
    for (let count = 0; count < 101; count++) loud.send({ type: "command", event: "ping" });
    expect((await loud.closed).code).toBe(1008);
    expect(await quiet.command("ping")).toMatchObject({ event: "pong" });
  });

  it("with 1009 after a frame of more than 64 KB", async () => {
    const { user, id } = await talking();
    const socket = await open(user, id);
    socket.send(JSON.stringify({ type: "command", event: "ping", id: "x".repeat(65_536) }));
    expect((await socket.closed).code).toBe(1009);
  });
});
