import { beforeEach, describe, expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { answer, begin, newest, publish, said, withPersona } from "../../support/chats.ts";
import { conversationAt } from "../../support/conversations.ts";
import { staffView, withRule } from "../../support/moderation.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { sandboxBinding } from "../../support/tasks.ts";
import { createUser } from "../../support/users.ts";

const question = "Tell me about oolong";

/** A person is answered in a tenant with a rule on a word that stands in the answer, and not in the question. */
async function answered(clientId: string, action: string) {
  const { user, instance } = await withPersona(clientId);
  const staff = await createUser(clientId, { role: "moderator" });
  await bodyOf(await publish(user, instance.id, { on_busy: "queue" }), 200);
  const before = await begin(user, instance.id, { message: question });
  await answer(clientId, before.conversation.id);
  const { content: first } = await newest(user, before.conversation.id);
  const word = present(
    first.match(/\p{L}{5,}/gu)?.find((each) => !question.toLowerCase().includes(each.toLowerCase())),
  );
  await withRule(staff, { name: "Of answers", action, words: [word] });
  const { conversation } = await begin(user, instance.id, { message: question });
  await answer(clientId, conversation.id);
  return { user, staff, id: conversation.id, word, before: before.conversation.id };
}

const log = async (clientId: string, id: string) => {
  const read = await conversationAt({ clientId, id }).readLog(0, 1000);
  return read.ok ? read.value.entries : [];
};

beforeEach(closeBreakers);

describe("What a persona has written is held against the rules of its tenant at its end, and", () => {
  it.each(["hold", "refuse", "ban"])("is hidden where it fits one that says %s", async (action) => {
    const clientId = `answers_${action}`;
    const { user, staff, id, word } = await answered(clientId, action);
    await expect.poll(async () => (await newest(user, id)).status).toBe("hidden");
    expect((await newest(user, id)).content).toBe("");
    // The staff sees what stood there.
    expect(present((await staffView(staff, id)).messages.at(-1)).content).toContain(word);
    const entries = await log(clientId, id);
    expect(entries.map(({ event }) => event)).toContain("message.hidden");
    expect(JSON.stringify(entries)).not.toContain(word);
    // Nobody is banned for what a persona says.
    expect((await said(user, id, "And green tea?")).turn).not.toBeNull();
  });

  it("is not told to the model again", async () => {
    const { user, id, word } = await answered("answers_told", "hold");
    await expect.poll(async () => (await newest(user, id)).status).toBe("hidden");
    await said(user, id, "Go on");
    const asked = sandboxBinding();
    await answer("answers_told", id, asked);
    expect(asked.bodies.join()).toContain("Go on");
    expect(asked.bodies.join()).not.toContain(word);
  });

  it("stands where it is only flagged, and the staff is told", async () => {
    const { user, staff, id, word } = await answered("answers_flag", "flag");
    await expect
      .poll(async () => present((await staffView(staff, id)).messages.at(-1)).moderation)
      .toMatchObject({ action: "flag", rule: "Of answers" });
    expect((await newest(user, id)).content).toContain(word);
  });

  it("is left as it is where it fits none, or was written before there were any", async () => {
    const { user, id, before } = await answered("answers_before", "hold");
    await expect.poll(async () => (await newest(user, id)).status).toBe("hidden");
    const path = `/api/v1/conversations/${before}/messages`;
    const { messages } = await bodyOf<{ messages: { status: string }[] }>(
      await call(path, { headers: user.headers }),
      200,
    );
    expect(messages.map(({ status }) => status)).toEqual(["complete", "complete"]);
  });
});
