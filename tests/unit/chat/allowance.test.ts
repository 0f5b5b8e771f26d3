import { beforeEach, describe, expect, it } from "vitest";
import { begin, publish, said, say, withPersona } from "../../support/chats.ts";
import { limitedGateway } from "../../support/limited-gateway.ts";
import { bodyOf } from "../../support/personas.ts";
import { createUserWithSession, type TestUser } from "../../support/users.ts";

const root = "/api/v1/conversations";

/** Writes by a gateway that counts. */
const writer = (user: Pick<TestUser, "headers">) => {
  const gateway = limitedGateway();
  const post = (path: string, body: unknown, method = "POST") => {
    const headers = { ...user.headers, "content-type": "application/json" };
    return gateway(path, { method, headers, body: JSON.stringify(body) });
  };
  return {
    say: (id: string, word: string, more: Record<string, unknown> = {}) =>
      post(`${root}/${id}/messages`, { client_message_id: word, content: word, reply: false, ...more }),
    edit: (id: string, messageId: string) =>
      post(`${root}/${id}/messages/${messageId}`, { content: "Else" }, "PATCH"),
    chat: (id: string, word: string) =>
      post("/api/v1/chat", {
        id,
        messages: [{ id: word, role: "user", parts: [{ type: "text", text: word }] }],
      }),
    begin: (instance_id: string, message: string) => post(root, { instance_id, message }),
  };
};

/** Somebody with two conversations. */
async function withTwo(clientId: string) {
  const { user, instance } = await withPersona(clientId);
  const ids: string[] = [];
  for (let count = 0; count < 2; count++) ids.push((await begin(user, instance.id)).conversation.id);
  const [one = "", other = ""] = ids;
  return { user, instance, one, other };
}

// A minute is counted from the first message on: none of these begins at the end of one.
describe("What somebody writes", () => {
  let world: Awaited<ReturnType<typeof withTwo>> & { write: ReturnType<typeof writer> };
  beforeEach(async () => {
    const two = await withTwo(`allowance_${crypto.randomUUID().slice(0, 8)}`);
    world = { ...two, write: writer(two.user) };
    for (let count = 0; count < 20; count++) {
      const { status } = await world.write.say(count % 2 ? world.one : world.other, `m${count}`);
      expect([count, status]).toEqual([count, 201]);
    }
  });

  it("counts in all of their conversations together, by whichever way it comes", async () => {
    const { write, user, one, other, instance } = world;
    const { message } = await said(user, one, "Not counted", { reply: false });
    const tried = {
      say: await write.say(other, "more"),
      edit: await write.edit(one, message.id),
      chat: await write.chat(other, "more"),
      begin: await write.begin(instance.id, "more"),
    };
    for (const [way, answer] of Object.entries(tried)) {
      expect([way, answer.status]).toEqual([way, 429]);
      const seconds = Number(answer.headers.get("retry-after"));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  it("is answered where it is said again, and where another says it", async () => {
    const { write, user, instance, other } = world;
    expect((await write.say(other, "m0")).status).toBe(200);
    expect((await write.say(other, "m0", { content: "Else" })).status).toBe(409);
    await bodyOf(await publish(user, instance.id, { audience: "tenant" }), 200);
    const another = await createUserWithSession(user.actor.clientId);
    const { conversation } = await begin(another, instance.id);
    expect((await writer(another).say(conversation.id, "m0")).status).toBe(201);
  });
});

it("What is said again, or was not written, costs none of the answers of a day", async () => {
  const clientId = "allowance_days";
  const { user, instance } = await withPersona(clientId);
  await bodyOf(await publish(user, instance.id, { audience: "tenant", daily_turns_per_person: 2 }), 200);
  const guest = await createUserWithSession(clientId);
  const { conversation } = await begin(guest, instance.id);
  const write = (word: string, content = word) =>
    say(guest, conversation.id, content, { client_message_id: word });
  const statusOf = async (...of: Parameters<typeof write>) => (await write(...of)).status;
  expect(await statusOf("one")).toBe(201);
  for (let time = 0; time < 3; time++) expect(await statusOf("one")).toBe(200);
  expect(await statusOf("one", "Else")).toBe(409);
  // What nobody waits for is given back in its own time.
  await expect.poll(() => statusOf("two")).toBe(201);
  expect(await statusOf("three")).toBe(429);
  expect(await statusOf("two")).toBe(200);
});
