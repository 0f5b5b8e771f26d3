import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { ConversationState } from "#durable-objects/conversation/conversation-state.ts";
import { MessageStore } from "#durable-objects/conversation/message-store.ts";
import { TenantCourier } from "#durable-objects/conversation/tenant-courier.ts";
import { TurnOutbox } from "#durable-objects/conversation/turn-outbox.ts";
import { newsOf, type Standing } from "#src/conversations/index.ts";
import type { AppendedEvent } from "#src/events/index.ts";
import { conversationStatuses } from "#src/kernel/chat-words.ts";
import { newConversation, newPlace, objectAt, owner, persona, send } from "../../support/conversations.ts";
import { eventsOf } from "../../support/events.ts";

const standing: fc.Arbitrary<Standing> = fc.record({
  status: fc.constantFrom(...conversationStatuses),
  holder: fc.constantFrom("persona", "queue", "user:ada", "user:bob"),
  adminId: fc.constantFrom(null, "ada", "bob"),
  description: fc.constantFrom("one", "other"),
  said: fc.nat({ max: 3 }),
});

it("There is something to tell exactly where a conversation stands otherwise, and of each kind one thing", () => {
  fc.assert(
    fc.property(fc.option(standing), standing, (before, now) => {
      const news = newsOf(before, now);
      expect(new Set(news).size).toBe(news.length);
      expect(news.includes("created")).toBe(before === null);
      if (before === null) return;
      const isSame = JSON.stringify({ ...before, said: 0 }) === JSON.stringify({ ...now, said: 0 });
      expect(news.filter((one) => one !== "message").length === 0).toBe(isSame);
      expect(news.includes("message")).toBe(now.said > before.said);
      expect(news.includes("ended")).toBe(now.status === "ended" && before.status !== "ended");
    }),
  );
});

it("A tenant is told of a conversation, and of what happens in it together, without what is said", async () => {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  await send(conversation, "A secret", { wantsReply: false });
  await send(conversation, "Another one", { wantsReply: false });
  await conversation.changeHolder({ change: { action: "handover" }, reason: "" });
  await vi.waitUntil(async () => (await eventsOf(place.clientId, "conversation.message")).length > 0, 10_000);
  const told = async (event: string) =>
    (await eventsOf(place.clientId, event)).map(({ data }) => [data.seq, data.status, data.holder]);
  expect(await told("conversation.created")).toEqual([[undefined, "waiting", "queue"]]);
  expect(await told("conversation.waiting")).toEqual([[undefined, "waiting", "queue"]]);
  expect(await told("conversation.message")).toEqual([[2, "waiting", "queue"]]);
  expect(await told("conversation.updated")).toEqual([]);
  expect(JSON.stringify(await eventsOf(place.clientId, "conversation.message"))).not.toContain("nother");
});

it("What was not heard is told again as it was, and then what has come since", () =>
  runInDurableObject(objectAt(newPlace()), async (_, { storage }) => {
    const state = new ConversationState(storage);
    const messages = new MessageStore(storage.sql, state);
    const made = {
      owner: { id: owner, kind: "user" as const },
      instanceId: "instance-1",
      projectId: null,
      title: null,
    };
    state.begin({ id: "c", clientId: "t" }, { ...made, metadata: {}, greeting: null, persona: persona() }, 0);
    const outbox = new TurnOutbox(storage.sql);
    const heard: AppendedEvent[][] = [];
    let isLost = true;
    const courier = new TenantCourier({
      ...{ state, messages, outbox },
      write: (work) => storage.transactionSync(() => work(1000)),
      log: () => ({
        appendEvents: async (events) => {
          heard.push([...events]);
          if (isLost) throw new Error("The answer was lost");
        },
      }),
    });
    outbox.tells(1000);
    await expect(courier.run()).rejects.toThrow("lost");
    state.setStatus("ended", true, 1000);
    isLost = false;
    await courier.run();
    expect(heard[1]).toEqual(heard[0]);
    expect(outbox.nextAt).toBe(2000);
    await courier.run();
    await courier.run();
    expect(heard.map((events) => events.map(({ event }) => event))).toEqual([
      ["conversation.created"],
      ["conversation.created"],
      ["conversation.ended"],
    ]);
    expect(outbox.nextAt).toBeNull();
  }));
