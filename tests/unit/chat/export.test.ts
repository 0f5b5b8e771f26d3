import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { answer, begin, messagesOf, newest, said, tellLists, withPersona } from "../../support/chats.ts";
import { exported } from "../../support/exports.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";

const clientId = "chat_export";

async function conversing(tenant: string, content: string) {
  const { user, instance } = await withPersona(tenant);
  const { conversation } = await begin(user, instance.id);
  await said(user, conversation.id, content, { reply: false });
  await tellLists(tenant, conversation.id);
  return { user, id: conversation.id };
}

it("Staff takes conversations with it, named or filtered; what is another tenant's is as if it never was", async () => {
  const staff = await createUser(clientId, { role: "moderator" });
  const { user, id } = await conversing(clientId, "Tea?");
  const others = await conversing("chat_export_others", "CANARY");
  const nowhere = uuidv7();
  const named = await exported(staff, { conversation_ids: [id, others.id, nowhere], format: "json" });
  expect(named.headers.get("content-disposition")).toBe('attachment; filename="conversations.json"');
  expect(await bodyOf(named, 200)).toMatchObject({
    conversations: [{ id, messages: [{ content: "Tea?", role: "user" }] }],
    missing: [others.id, nowhere],
    complete: true,
  });
  const filtered = await exported(staff, { filters: { user_id: user.actor.userId }, format: "markdown" });
  expect(filtered.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
  const text = await filtered.text();
  expect(text).toContain("> Tea?");
  expect(text).not.toContain("CANARY");
  expect((await exported(user, { conversation_ids: [id], format: "json" })).status).toBe(403);
  const elsewhere = { client_id: "chat_export_others", conversation_ids: [others.id], format: "csv" };
  expect((await exported(staff, elsewhere)).status).toBe(403);
});

it("Of a message an export says what its conversation says", async () => {
  const staff = await createUser(clientId, { role: "moderator" });
  const { user, id } = await conversing(clientId, "Tea?");
  await said(user, id, "And coffee?");
  await answer(clientId, id);
  const last = await newest(user, id);
  const feedback = { rating: "up", reason: "Tea" };
  await bodyOf(
    await send("PUT", `/api/v1/conversations/${id}/messages/${last.id}/feedback`, feedback, user.headers),
    200,
  );
  const { messages } = await messagesOf(user, id);
  expect(messages).toHaveLength(3);
  const asked = { conversation_ids: [id] };
  const json = await bodyOf(await exported(staff, { ...asked, format: "json" }), 200);
  expect(json).toMatchObject({ conversations: [{ messages }] });
  const lines = (await (await exported(staff, { ...asked, format: "ndjson" })).text()).trim().split("\n");
  expect(lines.slice(1, -1).map((line) => JSON.parse(line))).toEqual(
    messages.map((message) => ({ type: "message", conversation_id: id, ...message })),
  );
});

it.each([
  [{ format: "json" }],
  [{ conversation_ids: [], format: "json" }],
  [{ conversation_ids: [uuidv7()], filters: {}, format: "json" }],
  [{ conversation_ids: [uuidv7()], conversationIds: [uuidv7()], format: "json" }],
  [{ conversation_ids: [uuidv7()], format: "xml" }],
  [{ conversation_ids: Array.from({ length: 1001 }, () => uuidv7()), format: "json" }],
])("%# An export that cannot be meant is refused", async (body) => {
  const staff = await createUser(clientId, { role: "moderator" });
  expect((await exported(staff, body)).status).toBe(400);
});
