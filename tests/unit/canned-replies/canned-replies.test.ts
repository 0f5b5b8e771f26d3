import { expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { begin, messagesOf, withPersona } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const root = "/api/v1/canned-replies";
interface Reply {
  id: string;
  shortcut: string;
  text: string;
}

const make = async (user: TestUser, shortcut: string, text: string): Promise<Reply> =>
  bodyOf(await send("POST", root, { shortcut, text }, user.headers), 201);

const named = (user: TestUser, first_name: string, last_name: string) =>
  send("PUT", "/api/v1/user/profile", { first_name, last_name }, user.headers);

async function withHeldConversation(clientId: string) {
  const { user, instance } = await withPersona(clientId);
  const staff = await createUser(clientId, { role: "moderator" });
  const { conversation } = await begin(user, instance.id, { title: "About tea" });
  const path = `/api/v1/admin/conversations/${conversation.id}`;
  await bodyOf(await send("POST", `${path}/take`, {}, staff.headers), 200);
  const reply = (body: object) =>
    send("POST", `${path}/messages`, { client_message_id: crypto.randomUUID(), ...body }, staff.headers);
  return { user, staff, id: conversation.id, reply };
}

it("A reply is called up by its shortcut, which no other of the tenant has, is changed and deleted", async () => {
  const staff = await createUser("canned", { permissions: ["conversations.handle"] });
  const reply = await make(staff, "hello", "Hello!");
  expect((await send("POST", root, { shortcut: "hello", text: "Hi" }, staff.headers)).status).toBe(409);
  const bye = await make(staff, "bye", "Good bye");
  const path = `${root}/${bye.id}`;
  expect((await send("PUT", path, { shortcut: "hello" }, staff.headers)).status).toBe(409);
  await bodyOf(await send("PUT", path, { text: "Farewell" }, staff.headers), 200);
  const found = await bodyOf<{ canned_replies: Reply[] }>(
    await call(`${root}?shortcut=bye`, { headers: staff.headers }),
    200,
  );
  expect(found.canned_replies).toMatchObject([{ id: bye.id, text: "Farewell" }]);
  expect((await send("DELETE", `${root}/${reply.id}`, undefined, staff.headers)).status).toBe(204);
  expect((await call(`${root}/${reply.id}`, { headers: staff.headers })).status).toBe(404);
  await make(await createUser("canned_elsewhere", { role: "moderator" }), "bye", "Of another tenant");
});

it("A reply that could never be said is not kept", async () => {
  const staff = await createUser("canned", { role: "moderator" });
  for (const text of ["{{ user.password }}", "{{ input.topic }}", "{% if %}", "{% include 'x' %}", " "]) {
    const { status } = await send("POST", root, { shortcut: "bad", text }, staff.headers);
    expect([text, status]).toEqual([text, 400]);
  }
});

it("A reply is said in the names of those who talk, as text and nothing else", async () => {
  const { user, staff, id, reply } = await withHeldConversation("canned_talk");
  await bodyOf(await named(user, "Ada", "{{ agent.name }}"), 200);
  await bodyOf(await named(staff, "Grace", "Hopper"), 200);
  const text = "Hello {{ user.name }}, {{ agent.first_name }} here: {{ conversation.title | downcase }}.";
  const { id: canned_reply_id } = await make(staff, "hello", text);
  await bodyOf(await reply({ canned_reply_id }), 201);
  expect((await messagesOf(user, id)).messages.at(-1)).toMatchObject({
    role: "agent",
    content: "Hello Ada {{ agent.name }}, Grace here: about tea.",
  });
  expect((await reply({ canned_reply_id, content: "Both" })).status).toBe(400);
  expect((await reply({})).status).toBe(400);
});

it("A reply of another tenant, or one of which nothing comes here, is refused", async () => {
  const { staff, reply } = await withHeldConversation("canned_talk");
  const other = await createUser("canned_other", { role: "moderator" });
  const { id: theirs } = await make(other, "theirs", "Hello");
  expect((await reply({ canned_reply_id: theirs })).status).toBe(400);
  const { id: empty } = await make(staff, "empty", "{{ user.last_name }}");
  expect((await reply({ canned_reply_id: empty })).status).toBe(400);
});
