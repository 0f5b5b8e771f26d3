import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { call, send } from "../../support/api.ts";
import { begin, conversationsOf, messagesOf, said, tellLists, withPersona } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { listen } from "../../support/listener.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_notes";
const canary = "Zaubernuss";

const noteOf = (user: TestUser, id: string, content: string, clientMessageId: string = crypto.randomUUID()) =>
  send(
    "POST",
    `/api/v1/admin/conversations/${id}/messages`,
    { client_message_id: clientMessageId, content, visibility: "internal" },
    user.headers,
  );

async function withNote() {
  const { user, instance } = await withPersona(clientId);
  const staff = await createUser(clientId, { role: "moderator" });
  const begun = await begin(user, instance.id, { message: "About tea" });
  const { id } = begun.conversation;
  const before = { list: await messagesOf(user, id), log: await logOf(id), view: await viewOf(user, id) };
  const { message } = await bodyOf<{ message: { id: string; role: string } }>(
    await noteOf(staff, id, canary),
    201,
  );
  return { user, staff, id, before, note: message, turn: present(begun.turn) };
}

const logOf = async (id: string) => valueOrThrow(await conversationAt({ clientId, id }).readLog(0, 1000));
const viewOf = async (user: TestUser, id: string) =>
  bodyOf(await call(`/api/v1/conversations/${id}`, { headers: user.headers }), 200);

it("A note is seen by the staff, whoever holds the conversation, and is one however often it is sent", async () => {
  const { staff, id, note } = await withNote();
  const shown = await bodyOf<{ notes: object[] }>(
    await call(`/api/v1/admin/conversations/${id}`, { headers: staff.headers }),
    200,
  );
  expect(shown.notes).toMatchObject([{ id: note.id, role: "note", content: canary }]);
  const first = await noteOf(staff, id, "Once", "n-1");
  expect([first.status, first.headers.get("location")]).toEqual([201, `/api/v1/admin/conversations/${id}`]);
  expect((await noteOf(staff, id, "Once", "n-1")).status).toBe(200);
  expect((await noteOf(staff, id, "Twice", "n-1")).status).toBe(409);
});

it("A note leaves no trace in anything that the owner or the persona reads: text, numbers, lists or log", async () => {
  const { user, id, before, note, turn } = await withNote();
  expect(await messagesOf(user, id, "?branch=all")).toEqual(before.list);
  expect(await logOf(id)).toEqual(before.log);
  expect(await viewOf(user, id)).toEqual(before.view);
  const path = `/api/v1/conversations/${id}/messages/${note.id}`;
  expect((await call(path, { headers: user.headers })).status).toBe(404);
  expect((await send("DELETE", path, undefined, user.headers)).status).toBe(404);
  const context = await conversationAt({ clientId, id }).contextOf({ turnId: turn.id, epoch: turn.epoch });
  expect(JSON.stringify(context)).not.toContain(canary);
  await tellLists(clientId, id);
  expect(JSON.stringify(await conversationsOf(user))).not.toContain(canary);
  const listener = await listen(user, id, "?since=0");
  await said(user, id, "Is anybody there?");
  await listener.until(({ data }) => JSON.stringify(data).includes("Is anybody there?"));
  expect(JSON.stringify(listener.told)).not.toContain(canary);
  await listener.close();
});

it("The staff hears a note as it is written, and one that it has missed", async () => {
  const { staff, id } = await withNote();
  const listener = await listen(staff, id, "?since=0", { as: "staff" });
  const heard = await listener.until(({ data }) => JSON.stringify(data).includes(canary));
  expect(heard).toMatchObject({
    id: undefined,
    event: "message.created",
    data: { message: { role: "note" } },
  });
  await bodyOf(await noteOf(staff, id, "Another one"), 201);
  await listener.until(({ data }) => JSON.stringify(data).includes("Another one"));
  await listener.close();
});

it("A message that is hidden is gone for its readers; that it was hidden, and why, is in the audit log", async () => {
  const { user, staff, id } = await withNote();
  const [message] = (await messagesOf(user, id)).messages;
  const path = `/api/v1/admin/conversations/${id}/messages/${present(message).id}/hide`;
  expect((await send("POST", path, { reason: "Rude" }, user.headers)).status).toBe(403);
  const hidden = await bodyOf(await send("POST", path, { reason: "Rude" }, staff.headers), 200);
  expect(hidden).toMatchObject({ content: "About tea", status: "hidden" });
  expect((await messagesOf(user, id)).messages[0]).toMatchObject({ content: "", status: "hidden" });
  expect(
    (await send("POST", path.replace(/[^/]+\/hide/, `${id}/hide`), { reason: "-" }, staff.headers)).status,
  ).toBe(404);
  const { results } = await env.DB.prepare(
    "SELECT details FROM audit_log WHERE target_id = ? AND action = 'conversation.message_hidden'",
  )
    .bind(id)
    .all<{ details: string }>();
  expect(results.map(({ details }) => JSON.parse(details))).toMatchObject([
    { message_id: present(message).id, reason: "Rude" },
  ]);
});

it("An owner says what they think of an answer, and how it was in the end; nobody else does", async () => {
  const { user, staff, id, turn } = await withNote();
  const feedback = `/api/v1/conversations/${id}/messages/${turn.message_id}/feedback`;
  expect((await send("PUT", feedback, { rating: "up" }, user.headers)).status).toBe(404);
  await bodyOf(await send("POST", `/api/v1/conversations/${id}/stop`, undefined, user.headers), 200);
  const rated = await bodyOf(
    await send("PUT", feedback, { rating: "down", reason: "wrong" }, user.headers),
    200,
  );
  expect(rated).toMatchObject({ feedback: { rating: "down", reason: "wrong", comment: null } });
  expect((await send("PUT", feedback, { rating: "good" }, user.headers)).status).toBe(400);
  expect((await send("PUT", feedback, { rating: "up" }, staff.headers)).status).toBe(404);
  const satisfaction = `/api/v1/conversations/${id}/satisfaction`;
  expect((await send("PUT", satisfaction, { score: 5 }, user.headers)).status).toBe(409);
  const ended = { status: "ended", satisfaction: false };
  await bodyOf(await send("PATCH", `/api/v1/admin/conversations/${id}/status`, ended, staff.headers), 200);
  expect(await bodyOf(await send("PUT", satisfaction, { score: 5 }, user.headers), 200)).toMatchObject({
    satisfaction: { asked: false, score: 5, comment: null },
  });
  expect((await send("PUT", satisfaction, { score: 4 }, user.headers)).status).toBe(409);
  expect((await send("PUT", satisfaction, { score: 6 }, user.headers)).status).toBe(400);
});
