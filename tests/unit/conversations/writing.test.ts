import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { maxMessages } from "#src/objects/conversation-api.ts";
import {
  ask,
  closing,
  conversationAt,
  newConversation,
  newPlace,
  objectAt,
  owner,
  persona,
  send,
  unhurried,
} from "../../support/conversations.ts";

const writtenSchema = z.object({ message: z.object({ id: z.string() }) });

const everything = { limit: 200, branch: "all" } as const;

describe("A conversation that never began", () => {
  it("is not found whatever it is asked, and leaves nothing behind", async () => {
    const place = newPlace();
    const guessed = conversationAt(place);
    const message = {
      sender: { id: owner, as: "owner" as const },
      clientMessageId: "1",
      content: "Hello",
      wantsReply: true,
    };
    const key = { turnId: "t", epoch: 1 };
    const codes = [
      await guessed.view(),
      await guessed.send(message),
      await guessed.listMessages(everything),
      await guessed.listTurns(10),
      await guessed.readLog(0, 10),
      await guessed.regenerate("m"),
      await guessed.activate("m"),
      await guessed.stop(),
      await guessed.contextOf(key),
      await guessed.writeDelta({ ...key, attempt: 1, offset: 0, text: "x" }),
      await guessed.closeTurn(closing(key, "x")),
    ].map((outcome) => !outcome.ok && outcome.code);
    await guessed.runEnded({ turnId: "t", runId: "r", status: "completed" });
    expect(new Set(codes)).toEqual(new Set(["NOT_FOUND"]));
    const left = await runInDurableObject(objectAt(place), async (_, { storage }) => ({
      tables: storage.sql.exec("SELECT name FROM sqlite_master").toArray(),
      alarm: await storage.getAlarm(),
    }));
    expect(left).toEqual({ tables: [], alarm: null });
  });
});

describe("A message", () => {
  it("is one message and one turn, however often, in whatever order and at once it is sent", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 25 }), async (words) => {
        const conversation = await newConversation();
        const sent = await Promise.all(
          words.map((word) => send(conversation, `Message ${word}`, { id: `word-${word}` })),
        );
        const ids = new Map(sent.map(({ message }) => [message.content, message.id]));
        expect(ids.size).toBe(new Set(words).size);
        for (const { message } of sent) expect(message.id).toBe(ids.get(message.content));
        expect(sent.filter(({ created }) => created)).toHaveLength(ids.size);
        const { messages } = valueOrThrow(await conversation.listMessages(everything));
        expect(messages.filter(({ role }) => role === "user")).toHaveLength(ids.size);
        expect(valueOrThrow(await conversation.listTurns(10))).toHaveLength(1);
      }),
      { numRuns: 15 },
    );
  });

  it("is refused under a word that another has", async () => {
    const conversation = await newConversation();
    await send(conversation, "One", { id: "word" });
    const other = {
      sender: { id: owner, as: "owner" as const },
      clientMessageId: "word",
      content: "Other",
      wantsReply: true,
    };
    expect(await conversation.send(other)).toMatchObject({ ok: false, code: "CONFLICT" });
    expect(valueOrThrow(await conversation.view()).lastSeq).toBe(2);
  });

  it("of somebody else is not found, and writes nothing", async () => {
    const conversation = await newConversation();
    const message = {
      sender: { id: "stranger", as: "owner" as const },
      clientMessageId: "1",
      content: "Hello",
      wantsReply: true,
    };
    expect(await conversation.send(message)).toMatchObject({ ok: false, code: "NOT_FOUND" });
    expect(valueOrThrow(await conversation.view()).lastSeq).toBe(0);
  });

  it("stands below one of the active path only", async () => {
    const conversation = await newConversation();
    const first = await send(conversation, "First", { wantsReply: false });
    const old = await send(conversation, "Old", { wantsReply: false });
    await send(conversation, "New", { wantsReply: false, parentId: first.message.id });
    for (const parentId of [old.message.id, "nothing"]) {
      const message = {
        sender: { id: owner, as: "owner" as const },
        clientMessageId: parentId,
        content: "Lost",
        wantsReply: false,
        parentId,
      };
      expect(await conversation.send(message)).toMatchObject({ ok: false, code: "VALIDATION_ERROR" });
    }
    const { messages } = valueOrThrow(await conversation.listMessages({ ...everything, branch: "active" }));
    expect(messages.map(({ content }) => content)).toEqual(["First", "New"]);
  });

  it("is refused by a conversation that is full", async () => {
    const place = newPlace();
    const conversation = await newConversation({}, place);
    await runInDurableObject(objectAt(place), (_, { storage }) => {
      storage.sql.exec("UPDATE conversation SET last_seq = ?", maxMessages);
    });
    await evictDurableObject(objectAt(place));
    const message = {
      sender: { id: owner, as: "owner" as const },
      clientMessageId: "1",
      content: "More",
      wantsReply: true,
    };
    expect(await conversation.send(message)).toMatchObject({ ok: false, code: "CONVERSATION_FULL" });
  });
});

it("Of 5 000 messages of 20 callers at once the numbers have no gaps, and log and pages have one order", async () => {
  unhurried();
  const conversation = await newConversation();
  const callers = Array.from({ length: 20 }, async (_, caller) => {
    const acknowledged: string[] = [];
    for (let number = 0; number < 250; number++)
      acknowledged.push((await send(conversation, `${caller}.${number}`, { wantsReply: false })).message.id);
    return acknowledged;
  });
  const acknowledged = (await Promise.all(callers)).flat();
  const paged: { seq: number; id: string; createdAt: number }[] = [];
  for (let after = 0; ; after = paged.at(-1)?.seq ?? 0) {
    const { messages, hasMore } = valueOrThrow(await conversation.listMessages({ ...everything, after }));
    paged.push(...messages);
    if (!hasMore) break;
  }
  expect(paged.map(({ seq }) => seq)).toEqual(Array.from({ length: 5000 }, (_, index) => index + 1));
  expect(new Set(paged.map(({ id }) => id))).toEqual(new Set(acknowledged));
  const times = paged.map(({ createdAt }) => createdAt);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  const logged: string[] = [];
  for (let since = 0; since < 5001; since += 1000) {
    const { entries, isGap } = valueOrThrow(await conversation.readLog(since, 1000));
    expect(isGap).toBe(false);
    const created = entries.filter(({ event }) => event === "message.created");
    logged.push(...created.map(({ data }) => writtenSchema.parse(data).message.id));
  }
  expect(logged).toEqual(paged.map(({ id }) => id));
}, 180_000);

it("A message that wants no answer has none, until one that wants it comes behind", async () => {
  const conversation = await newConversation();
  expect((await send(conversation, "To myself", { wantsReply: false })).turn).toBeNull();
  await conversation.stop();
  expect(valueOrThrow(await conversation.listTurns(1))).toEqual([]);
  const { message, turn } = await send(conversation, "To you");
  expect(turn?.answersTo).toBe(message.id);
});

describe("While an answer is being written, a message", () => {
  it("waits, and is answered with all that came meanwhile by one turn", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "First");
    expect((await send(conversation, "Second")).turn).toBeNull();
    const last = await send(conversation, "Third");
    expect(await conversation.closeTurn(closing(key, "To the first"))).toEqual({ ok: true });
    const [next, before, ...others] = valueOrThrow(await conversation.listTurns(10));
    expect(next).toMatchObject({ status: "running", answersTo: last.message.id });
    expect([before?.status, others]).toEqual(["done", []]);
  });

  it("interrupts it, where the persona wants that: what was written stays", async () => {
    const conversation = await newConversation({ persona: persona({ onBusy: "interrupt" }) });
    const key = await ask(conversation, "First");
    await conversation.writeDelta({ ...key, attempt: 1, offset: 0, text: "As I was" });
    const { turn } = await send(conversation, "Second");
    const { messages } = valueOrThrow(await conversation.listMessages(everything));
    expect(messages.map(({ content, status }) => [content, status])).toEqual([
      ["First", "complete"],
      ["As I was", "stopped"],
      ["Second", "complete"],
      ["", "pending"],
    ]);
    expect(turn).toMatchObject({ status: "running" });
    expect(await conversation.closeTurn(closing(key, "Too late"))).toEqual({ ok: false, code: "ENDED" });
  });

  it("is refused, where the persona wants that, and writes nothing", async () => {
    const conversation = await newConversation({ persona: persona({ onBusy: "reject" }) });
    await ask(conversation, "First");
    const message = {
      sender: { id: owner, as: "owner" as const },
      clientMessageId: "2",
      content: "Second",
      wantsReply: true,
    };
    expect(await conversation.send(message)).toMatchObject({ ok: false, code: "TURN_RUNNING" });
    expect(valueOrThrow(await conversation.view()).lastSeq).toBe(2);
  });
});
