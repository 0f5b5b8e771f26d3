import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { answer, begin, messagesOf, newest, said, tellLists, withPersona } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_takeover";

const act = (user: TestUser, id: string, action: string, body: object = {}) =>
  send("POST", `/api/v1/admin/conversations/${id}/${action}`, body, user.headers);

const reply = (user: TestUser, id: string, content: string) =>
  act(user, id, "messages", { client_message_id: crypto.randomUUID(), content });

async function withStaff() {
  const { user, instance } = await withPersona(clientId);
  const staff = await createUser(clientId, { role: "moderator" });
  return { user, instance, staff };
}

const auditOf = async (id: string) => {
  const { results } = await env.DB.prepare("SELECT action FROM audit_log WHERE target_id = ? ORDER BY id")
    .bind(id)
    .all<{ action: string }>();
  return results.map(({ action }) => action);
};

describe("Somebody of the staff", () => {
  it("takes a conversation, answers in it while the persona is silent, and hands it back", async () => {
    const { user, instance, staff } = await withStaff();
    const { conversation } = await begin(user, instance.id, { message: "About tea" });
    const { id } = conversation;
    const taken = await bodyOf<{ conversation: { holder: string } }>(await act(staff, id, "take"), 200);
    expect(taken.conversation.holder).toBe(`user:${staff.actor.userId}`);
    expect((await messagesOf(user, id)).messages.map(({ role, status }) => [role, status])).toEqual([
      ["user", "complete"],
      ["assistant", "stopped"],
      ["system", "complete"],
    ]);
    const { turn } = await said(user, id, "Is anybody there?");
    expect(turn).toBeNull();
    await bodyOf(await reply(staff, id, "I am."), 201);
    expect(await newest(user, id)).toMatchObject({ role: "agent", content: "I am." });
    await said(user, id, "What about tea?");
    await bodyOf(await act(staff, id, "hand-back"), 200);
    await answer(clientId, id);
    expect(await newest(user, id)).toMatchObject({ role: "assistant", status: "complete" });
    expect((await reply(staff, id, "And?")).status).toBe(409);
    expect(await auditOf(id)).toEqual([
      "conversation.taken",
      "conversation.answered",
      "conversation.handed_back",
      "conversation.answered",
    ]);
  });

  it("is one: of several who take a conversation at once one has it, and takes it from another only by force", async () => {
    const { user, instance, staff } = await withStaff();
    const { conversation } = await begin(user, instance.id);
    const others = await Promise.all(
      Array.from({ length: 4 }, () => createUser(clientId, { permissions: ["conversations.handle"] })),
    );
    const answers = await Promise.all(others.map((other) => act(other, conversation.id, "take")));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const loser = present(others[answers.findIndex(({ status }) => status === 409)]);
    expect((await act(loser, conversation.id, "take", { force: true })).status).toBe(403);
    expect((await act(staff, conversation.id, "take", { force: true })).status).toBe(200);
    expect((await act(staff, conversation.id, "release")).status).toBe(200);
    expect((await act(staff, conversation.id, "release")).status).toBe(409);
  });

  it("finds what waits for a person, and whom a conversation was given to", async () => {
    const { user, instance, staff } = await withStaff();
    const chat = `/api/v1/personas/instances/${instance.id}/chat`;
    const { conversation } = await begin(user, instance.id);
    const path = `/api/v1/conversations/${conversation.id}/handover`;
    expect((await send("POST", path, {}, user.headers)).status).toBe(409);
    await bodyOf(await send("PUT", chat, { enabled: true, handover: true }, user.headers), 200);
    const waiting = await bodyOf(await send("POST", path, { reason: "Help" }, user.headers), 202);
    expect(waiting).toMatchObject({ holder: "queue", status: "waiting" });
    await tellLists(clientId, conversation.id);
    const listed = async (query: string) => {
      const answered = await call(`/api/v1/admin/conversations${query}`, { headers: staff.headers });
      const list = await bodyOf<{ conversations: { id: string }[]; total_count: number }>(answered, 200);
      return list.conversations.map(({ id }) => id);
    };
    expect(await listed("?holder=queue")).toContain(conversation.id);
    expect(await listed(`?user_id=${user.actor.userId}&holder=user`)).toEqual([]);
    const nobody = { admin_id: user.actor.userId };
    expect((await act(staff, conversation.id, "assign", nobody)).status).toBe(400);
    const assigned = { admin_id: staff.actor.userId, if_epoch: 2 };
    expect((await act(staff, conversation.id, "assign", { ...assigned, if_epoch: 1 })).status).toBe(409);
    await bodyOf(await act(staff, conversation.id, "assign", assigned), 200);
    await tellLists(clientId, conversation.id);
    expect(await listed(`?admin_id=${staff.actor.userId}&holder=user`)).toEqual([conversation.id]);
  });

  it("of another tenant finds nothing; an administrator of the platform does, and leaves a trace", async () => {
    const { user, instance } = await withStaff();
    const { conversation } = await begin(user, instance.id);
    const away = await createUser("chat_takeover_away", { role: "admin" });
    const path = `/api/v1/admin/conversations/${conversation.id}`;
    expect((await call(path, { headers: away.headers })).status).toBe(404);
    expect((await call(`${path}?client_id=${clientId}`, { headers: away.headers })).status).toBe(403);
    expect((await call(path, { headers: user.headers })).status).toBe(403);
    const operator = await createUser("operator", { role: "admin" });
    await bodyOf(await call(`${path}?client_id=${clientId}`, { headers: operator.headers }), 200);
    expect(await auditOf(conversation.id)).toEqual(["conversation.opened"]);
  });
});

it("What was written for a persona that holds the conversation no more is not taken", async () => {
  const { user, instance, staff } = await withStaff();
  const { conversation, turn } = await begin(user, instance.id, { message: "About tea" });
  const object = conversationAt({ clientId, id: conversation.id });
  const key = { turnId: present(turn).id, epoch: 1 };
  await object.beginAttempt(key);
  await bodyOf(await act(staff, conversation.id, "take"), 200);
  const late = {
    ...key,
    attempt: 1,
    text: "CANARY",
    model: "m",
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  expect(await object.closeTurn(late)).toEqual({ ok: false, code: "EPOCH_PASSED" });
  expect(JSON.stringify(await messagesOf(user, conversation.id))).not.toContain("CANARY");
});
