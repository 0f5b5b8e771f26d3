import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { insightsAction, insightsTopic } from "#src/objects/insights-contract.ts";
import { call, send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { answer, begin, publish, said, withPersona } from "../../support/chats.ts";
import { conversationAt, objectAt } from "../../support/conversations.ts";
import { bodyOf } from "../../support/personas.ts";
import { plan } from "../../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../../support/tasks.ts";
import type { TestUser } from "../../support/users.ts";

const clientId = "chat_insights";
const canary = "I drink oolong every morning";
const unhappy = `This is awful and useless. ${canary}. My question is about delivery times. I want a human`;

beforeEach(closeBreakers);

/** Somebody who has agreed to some of it, and has an answer of a persona that reads along. */
async function answered(agreed: object, chat: object = {}, message = unhappy) {
  const { user, instance } = await withPersona(clientId);
  await bodyOf(await publish(user, instance.id, { insights: true, personalisation: "full", ...chat }), 200);
  await send("PUT", "/api/v1/user/consents", agreed, user.headers);
  const { conversation } = await begin(user, instance.id, { message });
  await answer(clientId, conversation.id);
  return { user, instance, id: conversation.id };
}

/** The reading that a conversation asks for; undefined where it asks for none. */
async function reading(id: string): Promise<string | undefined> {
  return runInDurableObject(objectAt({ clientId, id }), (_, { storage }) => {
    const [row] = storage.sql.exec<{ id: string }>("SELECT id FROM insights WHERE is_closed = 0").toArray();
    return row?.id;
  });
}

/** Has it carried out, as the run does that the conversation has begun. */
async function read(user: TestUser, id: string) {
  const input = { conversation_id: id, insights_id: await reading(id) };
  const reads = plan("answer", { answer: { action: insightsAction, topic: insightsTopic } });
  const asked = sandboxBinding();
  const run = await startedTask(clientId, reads, {}, { input, userId: user.actor.userId });
  await deliver("agents", [run.envelope("answer", "main")], asked);
  return { calls: asked.bodies.length, sent: asked.bodies.join("\n"), view: await run.view() };
}

const contextOf = async (user: TestUser) =>
  bodyOf<{ summary: string | null; interests: { topic: string }[] }>(
    await call("/api/v1/personalization/context/me", { headers: user.headers }),
    200,
  );

describe("What is said to a persona that reads along", () => {
  it("is read after an answer, of who agrees: topics, a summary and facts of theirs", async () => {
    const { user, id } = await answered({ insights: true, personalisation: true });
    const { view, sent } = await read(user, id);
    expect(view).toMatchObject({ status: "completed", data: { answer: { accepted: true } } });
    expect(sent).toMatch(/<data name=\\"messages\\">/);
    const { interests, summary } = await contextOf(user);
    expect(interests.map(({ topic }) => topic)).toContain("delivery times");
    expect(summary).toBe("They write about delivery times.");
    const profile = await call("/api/v1/personalization/user-profile/me", { headers: user.headers });
    expect(JSON.stringify(await profile.json())).toContain(canary);
  });

  it("is not read of who has not agreed, and gone with a no", async () => {
    const refused = await answered({ personalisation: true, insights: false });
    expect(await read(refused.user, refused.id)).toMatchObject({
      calls: 0,
      view: { data: { answer: { given_up: "NOT_AGREED" } } },
    });
    const { user, id } = await answered({ insights: true });
    await read(user, id);
    expect((await contextOf(user)).summary).not.toBeNull();
    await send("PUT", "/api/v1/user/consents", { insights: false }, user.headers);
    const known = await call("/api/v1/user/data-export", { headers: user.headers });
    expect(JSON.parse(await known.text())).toMatchObject({ personalisation: { insights: [] } });
    expect(await contextOf(user)).toMatchObject({ summary: null, interests: [] });
  });

  it("is read at most once a minute, and not where the persona does not read along", async () => {
    const { user, id } = await answered({ insights: true });
    const first = await reading(id);
    expect(first).toBeDefined();
    await said(user, id, "And about prices?");
    await answer(clientId, id);
    expect(await reading(id)).toBe(first);
    const other = await answered({ insights: true }, { insights: false });
    expect(await reading(other.id)).toBeUndefined();
  });

  it.each([
    ["wants a person", { wants_human: true }, "wants_human"],
    ["seems to feel badly", { sentiment_below: -0.5 }, "sentiment"],
  ])("brings a person where somebody %s and the persona is published so", async (_, triggers, reason) => {
    const { user, id } = await answered({ insights: true }, { handover: { enabled: true, triggers } });
    await read(user, id);
    const { entries } = valueOrThrow(await conversationAt({ clientId, id }).readLog(0, 100));
    expect(entries.find(({ event }) => event === "holder.changed")?.data).toMatchObject({
      holder: "queue",
      reason,
    });
  });
});
