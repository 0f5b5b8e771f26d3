import { expect, it } from "vitest";
import { policies } from "#src/operation/policy.ts";
import { api, send } from "../../support/api.ts";
import { begin } from "../../support/chats.ts";
import { guest } from "../../support/guests.ts";
import { bodyOf, makeInstance } from "../../support/personas.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

const noSuchRoom = { type: "error", error: "No such room", data: { code: "NOT_FOUND" } };

const joining = async (user: TestUser, room: string) => (await guest(user)).ask("join_room", { room });

async function roomOfConversation(user: TestUser) {
  const { conversation } = await begin(user, (await makeInstance(user)).id);
  return { id: conversation.id, room: `conversation:${conversation.id}` };
}

it("The room of a conversation is for who may read it, as the policy says, and no other", async () => {
  const clientId = "conv_room";
  const owner = await createUserWithSession(clientId);
  const { room } = await roomOfConversation(owner);
  const others = await Promise.all([
    createUserWithSession(clientId),
    createUserWithSession(clientId, { role: "moderator" }),
    createUserWithSession(clientId, { role: "admin" }),
    createUserWithSession("conv_room_other", { role: "admin" }),
  ]);
  expect((await joining(owner, room)).type).toBe("response");
  for (const other of others) expect(await joining(other, room)).toMatchObject(noSuchRoom);
  expect(policies.getConversation).not.toHaveProperty("tenant");
  expect(await joining(owner, `conversation:${crypto.randomUUID()}`)).toMatchObject(noSuchRoom);
});

it("When a conversation is erased, all its owner's connections are out of its room", async () => {
  const owner = await createUserWithSession("conv_erased");
  const { id, room } = await roomOfConversation(owner);
  const [one, other] = [await guest(owner), await guest(owner)];
  for (const socket of [one, other]) await socket.ask("join_room", { room });
  const params = { path: { conversation_id: id } };
  await api(owner.token).DELETE("/api/v1/conversations/{conversation_id}", { params });
  for (const socket of [one, other])
    await socket.next(({ event, data }) => event === "room.ended" && data?.room === room);
  expect(await one.ask("join_room", { room })).toMatchObject(noSuchRoom);
});

it("Whoever is banned from conversations is out of their rooms, and comes into none before the ban is lifted", async () => {
  const clientId = "conv_room_banned";
  const owner = await createUserWithSession(clientId);
  const other = await createUserWithSession(clientId);
  const staff = await createUserWithSession(clientId, { role: "moderator" });
  const { room } = await roomOfConversation(owner);
  const theirs = await roomOfConversation(other);
  const [socket, quiet] = [await guest(owner), await guest(other)];
  await socket.ask("join_room", { room });
  await quiet.ask("join_room", { room: theirs.room });
  const bans = "/api/v1/admin/bans";
  const said = { person_id: owner.actor.userId, reason: "Rude" };
  const { id } = await bodyOf<{ id: string }>(await send("POST", bans, said, staff.headers), 201);
  await socket.next(({ event, data }) => event === "connection.closed" && data?.code === 4003);
  const again = await guest(owner);
  expect(await again.ask("join_room", { room })).toMatchObject({ type: "error", data: { code: "BANNED" } });
  expect((await again.ask("join_room", { room: "tea" })).type).toBe("response");
  expect((await quiet.ask("presence", { room: theirs.room })).type).toBe("response");
  await send("DELETE", `${bans}/${id}`, undefined, staff.headers);
  expect((await again.ask("join_room", { room })).type).toBe("response");
});
