import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { absentAt } from "#src/conversations/index.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { newConversation, newPlace, objectAt, owner, send } from "../../support/conversations.ts";

const began = Date.UTC(2027, 0, 1);
const hourMs = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: began }));
afterEach(() => void vi.useRealTimers());

const at = (ms: number) => void vi.setSystemTime(began + ms);

const take = (conversation: ConversationApi, by: string, idleSeconds?: number) =>
  conversation.changeHolder({ change: { action: "take", by, force: true }, reason: "", idleSeconds });

const reply = (conversation: ConversationApi, id: string) =>
  conversation.send({
    sender: { id, as: "staff" },
    clientMessageId: "r",
    content: "Yes?",
    wantsReply: false,
  });

/** One that a person holds, and what becomes of it when its alarm rings at a time. */
async function held(idleSeconds?: number) {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  await take(conversation, "ada", idleSeconds);
  const holderAt = async (ms: number) => {
    at(ms);
    await runDurableObjectAlarm(objectAt(place));
    return valueOrThrow(await conversation.view());
  };
  return { place, conversation, holderAt };
}

describe("A person who holds a conversation", () => {
  it("loses it to the queue when somebody has waited for an hour, with a line, an entry and an epoch", async () => {
    const { conversation, holderAt } = await held();
    at(1000);
    await send(conversation, "Is anybody there?");
    expect(await holderAt(hourMs + 999)).toMatchObject({ holder: "user:ada", holderEpoch: 2 });
    expect(await holderAt(hourMs + 1000)).toMatchObject({
      ...{ holder: "queue", adminId: null, status: "waiting", holderEpoch: 3 },
    });
    const { entries } = valueOrThrow(await conversation.readLog(0, 100));
    expect(entries.filter(({ event }) => event === "holder.changed").at(-1)?.data).toEqual({
      ...{ holder: "queue", admin_id: null, epoch: 3, by: null, reason: "absence" },
    });
    const { messages } = valueOrThrow(await conversation.listMessages({ limit: 50, branch: "active" }));
    expect(messages.at(-1)).toMatchObject({
      role: "system",
      content: "The conversation waits for another person.",
    });
    expect(await reply(conversation, "ada")).toMatchObject({ ok: false, code: "CONFLICT" });
  });

  it("keeps it by an answer, until the next message has waited as long", async () => {
    const { conversation, holderAt } = await held(60);
    await send(conversation, "Hello?");
    at(59_000);
    valueOrThrow(await reply(conversation, "ada"));
    expect((await holderAt(hourMs)).holder).toBe("user:ada");
    await send(conversation, "And now?");
    await send(conversation, "Hello again?");
    expect((await holderAt(hourMs + 59_999)).holder).toBe("user:ada");
    expect((await holderAt(hourMs + 60_000)).holder).toBe("queue");
  });

  it("has as long for what was waiting when they came, and who takes it from them has it anew", async () => {
    const place = newPlace();
    const conversation = await newConversation({}, place);
    await conversation.changeHolder({ change: { action: "handover" }, reason: "" });
    await send(conversation, "I wait");
    at(hourMs);
    await take(conversation, "ada", 60);
    at(hourMs + 50_000);
    await take(conversation, "bob", 60);
    const holderAt = async (ms: number) => {
      at(ms);
      await runDurableObjectAlarm(objectAt(place));
      return valueOrThrow(await conversation.view()).holder;
    };
    expect(await holderAt(hourMs + 60_000)).toBe("user:bob");
    expect(await holderAt(hourMs + 110_000)).toBe("queue");
  });

  it("is waited for by the alarm only while somebody waits for them", async () => {
    const { place, conversation } = await held(60);
    /** When the alarm rings, of one that has nothing else to do. */
    const alarm = () =>
      runInDurableObject(objectAt(place), async (object, { storage }) => {
        storage.sql.exec("DELETE FROM outbox");
        await object.alarm?.();
        return storage.getAlarm();
      });
    expect(await alarm()).toBeNull();
    await send(conversation, "Hello?");
    expect(await alarm()).toBe(began + 60_000);
    await reply(conversation, "ada");
    expect(await alarm()).toBeNull();
    await send(conversation, "Hm");
    await conversation.setStatus({ status: "ended", as: "staff" });
    expect(await alarm()).toBeNull();
  });

  it("keeps it for ever where the tenant says so, and where nothing said wants an answer", async () => {
    const always = await held(0);
    await send(always.conversation, "Hello?");
    expect((await always.holderAt(1000 * hourMs)).holder).toBe("user:ada");
    const quiet = await held(60);
    await send(quiet.conversation, "No answer needed", { wantsReply: false });
    expect((await quiet.holderAt(2000 * hourMs)).holder).toBe("user:ada");
  });

  it("is not taken for somebody else who was absent", async () => {
    const { conversation } = await held();
    const absence = (of: string) =>
      conversation.changeHolder({ change: { action: "absence", of }, reason: "" });
    expect(await absence(owner)).toMatchObject({ ok: false, code: "CONFLICT" });
    expect(valueOrThrow(await absence("ada")).conversation.holder).toBe("queue");
  });
});

it("Nobody is absent before they have had all of their time, from when they came or were first waited for", () => {
  const time = fc.integer({ min: 0, max: 1e12 });
  fc.assert(
    fc.property(time, time, fc.integer({ min: 1, max: 604_800 }), (since, unansweredSince, idleSeconds) => {
      const due = absentAt({ since, unansweredSince, idleSeconds });
      expect(Math.min(due - since, due - unansweredSince)).toBe(idleSeconds * 1000);
    }),
  );
  expect(absentAt({ since: 0, unansweredSince: 0, idleSeconds: 0 })).toBe(Number.POSITIVE_INFINITY);
});
