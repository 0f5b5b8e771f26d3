import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { TenantHub } from "#durable-objects/tenant-hub/object.ts";
import { api, send } from "../../support/api.ts";
import { begin, said } from "../../support/chats.ts";
import { closing, conversationAt } from "../../support/conversations.ts";
import { guest } from "../../support/guests.ts";
import { bodyOf, makeInstance, present } from "../../support/personas.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

const noSuchRoom = { type: "error", error: "No such room", data: { code: "NOT_FOUND" } };

const joining = async (user: TestUser, room: string) => (await guest(user)).ask("join_room", { room });

async function roomOfConversation(user: TestUser) {
  const { conversation } = await begin(user, (await makeInstance(user)).id);
  return { id: conversation.id, room: `conversation:${conversation.id}` };
}

it("The room of a conversation is for its owner and the staff, and for no other", async () => {
  const clientId = "conv_room";
  const owner = await createUserWithSession(clientId);
  const { room } = await roomOfConversation(owner);
  const staff = [
    await createUserWithSession(clientId, { role: "moderator" }),
    await createUserWithSession(clientId, { role: "admin" }),
  ];
  for (const one of [owner, ...staff]) expect((await joining(one, room)).type).toBe("response");
  const others = [
    await createUserWithSession(clientId),
    await createUserWithSession("conv_room_other", { role: "admin" }),
  ];
  for (const other of others) expect(await joining(other, room)).toMatchObject(noSuchRoom);
  expect(await joining(owner, `conversation:${crypto.randomUUID()}`)).toMatchObject(noSuchRoom);
});

it("Whoever is in the room of a conversation is told what happens in it, as at its own socket", async () => {
  const clientId = "conv_room_told";
  const owner = await createUserWithSession(clientId);
  const staff = await createUserWithSession(clientId, { role: "moderator" });
  const { id, room } = await roomOfConversation(owner);
  const [one, other, away] = [await guest(owner), await guest(staff), await guest(owner)];
  const { data } = await one.ask("join_room", { room });
  expect(data).toMatchObject({ room, log_seq: expect.any(Number) });
  await other.ask("join_room", { room });
  const { turn } = await said(owner, id, "Tea?");
  const turnId = present(turn).id;
  const own = await one.next(({ event }) => event === "message.created");
  expect(own).toMatchObject({
    entity_id: id,
    log_seq: expect.any(Number),
    data: { message: { content: "Tea?" }, client_message_id: expect.any(String) },
  });
  // A number of the conversation's is none of the tenant's log.
  expect(own).not.toHaveProperty("seq");
  const seen = await other.next(({ event }) => event === "message.created");
  expect(seen.data).not.toHaveProperty("client_message_id");
  const object = conversationAt({ clientId, id });
  await object.beginAttempt({ turnId, epoch: 1 });
  await object.writeDelta({ turnId, epoch: 1, attempt: 1, offset: 0, text: "Gr" });
  await object.writeDelta({ turnId, epoch: 1, attempt: 1, offset: 2, text: "een" });
  await one.next(({ event, data }) => event === "message.delta" && data?.text === "een");
  await object.closeTurn(closing({ turnId, epoch: 1 }, "Green"));
  const done = await one.next(({ event }) => event === "message.completed");
  expect(done.entity_id).toBe(id);
  // Notes are for the staff.
  const note = { client_message_id: "n", content: "NOTED", visibility: "internal" };
  await bodyOf(await send("POST", `/api/v1/admin/conversations/${id}/messages`, note, staff.headers), 201);
  await other.next((frame) => JSON.stringify(frame).includes("NOTED"));
  // Whoever comes back says which entry they know, and misses nothing.
  await away.ask("join_room", { room, since: data?.log_seq });
  await away.next(({ event }) => event === "message.completed");
  expect(away.heard("message.created").map((frame) => frame.log_seq)).toEqual(
    one.heard("message.created").map((frame) => frame.log_seq),
  );
  expect(JSON.stringify([one.frames, away.frames])).not.toContain("NOTED");
});

it("Whoever leaves the room hears no more", async () => {
  const owner = await createUserWithSession("conv_room_left");
  const { id, room } = await roomOfConversation(owner);
  const [stays, leaves] = [await guest(owner), await guest(owner)];
  for (const one of [stays, leaves]) await one.ask("join_room", { room });
  await leaves.ask("leave_room", { room });
  await said(owner, id, "Tea?", { reply: false });
  await stays.next(({ event }) => event === "message.created");
  await leaves.ask("ping", {});
  expect(leaves.heard("message.created")).toEqual([]);
  expect((await leaves.ask("presence", { room })).error).toBe("Not in this room");
});

it("Whoever is banned is out of the rooms of conversations, and comes into none", async () => {
  const clientId = "conv_room_banned";
  const owner = await createUserWithSession(clientId);
  const staff = await createUserWithSession(clientId, { role: "moderator" });
  const { room } = await roomOfConversation(owner);
  const one = await guest(owner);
  await one.ask("join_room", { room });
  const ban = { person_id: owner.actor.userId, reason: "Rude" };
  await bodyOf(await send("POST", "/api/v1/admin/bans", ban, staff.headers), 201);
  await one.next(({ event, data }) => event === "room.ended" && data?.room === room);
  expect(await one.ask("join_room", { room })).toMatchObject({ type: "error", data: { code: "BANNED" } });
});

it("When a conversation is erased, all its owner's connections are out of its room", async () => {
  const owner = await createUserWithSession("conv_erased");
  const { id, room } = await roomOfConversation(owner);
  const [one, other] = [await guest(owner), await guest(owner)];
  for (const socket of [one, other]) await socket.ask("join_room", { room });
  const params = { path: { conversation_id: id } };
  await api(owner.token).DELETE("/api/v1/conversations/{conversation_id}", { params });
  for (const socket of [one, other]) {
    await socket.next(({ event, data }) => event === "room.ended" && data?.room === room);
    await socket.ask("ping", {});
    expect(socket.heard("room.ended")).toHaveLength(1);
  }
  expect(await one.ask("join_room", { room })).toMatchObject(noSuchRoom);
});

it("A hub that begins anew says who is out of a conversation's room, to come in again", async () => {
  const clientId = "conv_room_anew";
  const owner = await createUserWithSession(clientId);
  const { room } = await roomOfConversation(owner);
  const one = await guest(owner);
  await one.ask("join_room", { room });
  await runInDurableObject(env.TENANT_HUB.getByName(clientId), (_, ctx) => void new TenantHub(ctx, env));
  await one.next(({ event, data }) => event === "room.ended" && data?.room === room);
});
