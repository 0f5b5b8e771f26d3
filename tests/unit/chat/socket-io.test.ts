import { evictDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { answer, begin } from "../../support/chats.ts";
import { staffRoot } from "../../support/conversation-sockets.ts";
import { objectAt, unhurried } from "../../support/conversations.ts";
import { makeInstance } from "../../support/personas.ts";
import { addressOf, askSocketIo, connectSocketIo } from "../../support/socket-io.ts";
import { createUser, createUserWithSession } from "../../support/users.ts";

const clientId = "chat_socket_io";

async function talking() {
  const user = await createUserWithSession(clientId);
  const instance = await makeInstance(user, { model: "claude-haiku-5-5" });
  const { conversation } = await begin(user, instance.id);
  return { user, id: conversation.id, place: { clientId, id: conversation.id } };
}

const join = (id: string) => `420["join-conversation","${id}"]`;

it("Polling, another protocol and an address without a conversation are refused with the reason", async () => {
  const { user, id } = await talking();
  for (const [query, reason] of [
    [`EIO=4&transport=polling&conversation=${id}`, "WebSockets only"],
    [`EIO=3&transport=websocket&conversation=${id}`, "Engine.IO 4"],
    ["EIO=4&transport=websocket", "query: { conversation }"],
  ] as const) {
    const refused = await askSocketIo(user, query);
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(reason)]);
  }
});

it("Whoever may not hear a conversation is let in no more than elsewhere", async () => {
  const { id } = await talking();
  const stranger = await createUserWithSession(clientId);
  expect((await askSocketIo(stranger, addressOf(id))).status).toBe(404);
  expect((await askSocketIo(stranger, addressOf(id, "&as=staff"))).status).toBe(403);
  expect((await askSocketIo({ headers: {} }, addressOf(id))).status).toBe(401);
});

it("A message is sent and acknowledged, heard by who has joined, and once however often it is sent", async () => {
  const { user, id } = await talking();
  const [mine, other, away] = [
    await connectSocketIo(user, id),
    await connectSocketIo(user, id),
    await connectSocketIo(user, id),
  ];
  for (const socket of [mine, other]) {
    socket.say(join(id));
    await socket.next("430[true]");
  }
  const said = JSON.stringify({ conversationId: id, content: "Hello", clientMessageId: "m-1" });
  for (const ack of [1, 2]) mine.say(`42${ack}["send-message",${said}]`);
  for (const ack of [1, 2]) await mine.next(`43${ack}[{"id"`);
  await other.next('42["new-message"');
  expect(other.packets.filter((packet) => packet.includes('"Hello"'))).toHaveLength(1);
  expect(away.packets.join()).not.toContain("new-message");
  await answer(clientId, id);
  await expect.poll(() => other.packets.filter((packet) => packet.includes('"assistant"'))).toHaveLength(1);
  expect(other.packets.join()).not.toContain("message.delta");
});

it("Typing reaches the others, and what is wrong comes as an error", async () => {
  const { user, id } = await talking();
  const staff = await createUserWithSession(clientId, { role: "moderator" });
  const [mine, theirs] = [
    await connectSocketIo(user, id),
    await connectSocketIo(staff, id, { more: "&as=staff" }),
  ];
  theirs.say(join(id));
  await theirs.next("430[true]");
  mine.say(`42["typing",{"conversationId":"${id}","typing":true}]`);
  await theirs.next('"user-typing"');
  theirs.say('425["send-message",{"content":"Not yet"}]');
  await theirs.next('435[{"error":{');
  for (const nonsense of ['42["send-message",{"content":5}]', "42nonsense", '42["no-such-event",{}]']) {
    const before = mine.packets.length;
    mine.say(nonsense);
    await expect.poll(() => mine.packets.slice(before).join()).toContain('42["error"');
  }
});

it("A socket sleeps with its conversation, still in it", async () => {
  const { user, id, place } = await talking();
  const socket = await connectSocketIo(user, id);
  socket.say(join(id));
  await socket.next("430[true]");
  await evictDurableObject(objectAt(place));
  socket.say('428["send-message",{"content":"Awake?"}]');
  await socket.next("438[{");
  await socket.next('42["new-message"');
});

it("Whoever has too much unread is asked by a ping, goes on with its pong, and is closed without one", async () => {
  unhurried();
  const { user, id } = await talking();
  const [slow, reading] = [
    await connectSocketIo(user, id, { answers: false }),
    await connectSocketIo(user, id),
  ];
  for (const socket of [slow, reading]) {
    socket.say(join(id));
    await socket.next("430[true]");
  }
  const count = 40;
  for (let number = 0; number < count; number++) {
    const body = { client_message_id: `m-${number}`, content: "x".repeat(32_000), reply: false };
    await send("POST", `/api/v1/conversations/${id}/messages`, body, user.headers);
  }
  await expect
    .poll(() => reading.packets.filter((packet) => packet.startsWith('42["new-message"')).length)
    .toBe(count);
  expect(await slow.closed).toBe(1013);
});

it("Who loses their rights is told not to come back", async () => {
  const { user, id } = await talking();
  const admin = await createUser(clientId, { role: "admin" });
  const staff = await createUserWithSession(clientId, { role: "moderator" });
  const socket = await connectSocketIo(staff, id, { more: "&as=staff" });
  await send("PUT", `/api/v1/admin/users/${staff.actor.userId}`, { role: "user" }, admin.headers);
  await socket.next('42["error"');
  expect(await socket.closed).toBe(4003);
  expect(socket.packets).toContain("41");
  expect((await call(`${staffRoot}/${id}`, { headers: user.headers })).status).toBe(403);
});
