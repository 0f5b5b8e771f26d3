import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { uploaded } from "../../support/attachments.ts";
import { answer, begin, newest, said, withPersona } from "../../support/chats.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "chat_search";

interface Found {
  results: { conversation_id: string; message_id: string; snippet: string; role: string }[];
}

const found = async (user: Pick<TestUser, "headers">, q: string) =>
  (
    await bodyOf<Found>(
      await call(`/api/v1/conversations/search?q=${encodeURIComponent(q)}`, { headers: user.headers }),
      200,
    )
  ).results;

it("What a person and the persona have written is found soon, and by nobody else", async () => {
  const { user, instance } = await withPersona(clientId);
  const { conversation, message } = await begin(user, instance.id, { message: "CANARY about green tea" });
  await answer(clientId, conversation.id);
  const answered = await newest(user, conversation.id);
  await expect
    .poll(async () => (await found(user, "green tea")).map(({ message_id }) => message_id))
    .toEqual([answered.id, message?.id]);
  expect(await found(user, "canary")).toMatchObject([
    { conversation_id: conversation.id, role: "user", snippet: "CANARY about green tea" },
  ]);
  const strangers = [
    await createUser(clientId),
    await createUser(clientId, { role: "admin" }),
    (await withPersona("chat_search_others")).user,
  ];
  for (const stranger of strangers) expect(await found(stranger, "canary")).toEqual([]);
});

it("What was written anew, emptied or erased is found no more", async () => {
  const { user, instance } = await withPersona(clientId);
  const { conversation } = await begin(user, instance.id);
  const { message } = await said(user, conversation.id, "ZEBRA", { reply: false });
  const file = await uploaded(user, conversation.id, "Tea", "giraffe.txt");
  const { message: second } = await said(user, conversation.id, "OKAPI", {
    reply: false,
    attachments: [file.id],
  });
  await expect.poll(async () => (await found(user, "okapi")).length).toBe(1);
  expect(await found(user, "giraffe")).toHaveLength(1);
  const path = `/api/v1/conversations/${conversation.id}`;
  await send("DELETE", `${path}/messages/${second.id}`, undefined, user.headers);
  await expect.poll(async () => (await found(user, "okapi")).length).toBe(0);
  expect(await found(user, "giraffe")).toEqual([]);
  expect((await found(user, "zebra")).map(({ message_id }) => message_id)).toEqual([message.id]);
  await send("DELETE", path, undefined, user.headers);
  await expect.poll(async () => (await found(user, "zebra")).length).toBe(0);
});

it.each(["", "a", "a".repeat(201)])("A question of %j is refused", async (q) => {
  const user = await createUser(clientId);
  const response = await call(`/api/v1/conversations/search?q=${q}`, { headers: user.headers });
  expect(response.status).toBe(400);
});

it("Who has found nothing yet has left nothing behind", async () => {
  const index = env.CONVERSATION_SEARCH.getByName("chat_search_nobody");
  expect(await index.find({ q: "tea", order: "newest", limit: 1 })).toEqual([]);
});
