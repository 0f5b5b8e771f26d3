import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import type { TurnContext } from "#src/objects/turn-contract.ts";
import { ask, closing, newConversation, owner, send, unhurried } from "../../support/conversations.ts";
import { present } from "../../support/personas.ts";

/** A conversation in which so much was said: questions `Q0`, `Q1`, … with answers `A0`, `A1`, … */
async function saidMuch(conversation: ConversationApi, questions: number): Promise<void> {
  for (let index = 0; index < questions; index++)
    await conversation.closeTurn(closing(await ask(conversation, `Q${index}`), `A${index}`));
}

async function contextOf(conversation: ConversationApi): Promise<TurnContext> {
  const asked = await conversation.contextOf(await ask(conversation, "Now?"));
  if (!asked.ok) throw new Error(asked.code);
  return asked.context;
}

const wordsOf = ({ messages }: Pick<TurnContext, "messages">) => messages.map(({ content }) => content);

/** Has a conversation summarised. */
async function summarise(conversation: ConversationApi, text = "In short.") {
  const { compactionId } = valueOrThrow(await conversation.compact());
  const id = present(compactionId);
  const asked = await conversation.compactionContext(id);
  if (!asked.ok) throw new Error(asked.code);
  const { context } = asked;
  const upTo = present(context.messages.at(-1)).id;
  const closed = await conversation.closeCompaction({ compactionId: id, upTo, text, tokens: 5, model: "m" });
  return { id, context, upTo, closed };
}

describe("A summary", () => {
  it("stands for what was said but for the first message and the newest twelve, and changes no message", async () => {
    unhurried();
    const conversation = await newConversation();
    await saidMuch(conversation, 10);
    const before = valueOrThrow(await conversation.listMessages({ limit: 100, branch: "all" })).messages;
    const { context } = await summarise(conversation);
    expect(context.earlier).toBeNull();
    expect(wordsOf(context)).toEqual(["Q0", "A0", "Q1", "A1", "Q2", "A2", "Q3", "A3"]);
    expect(valueOrThrow(await conversation.listMessages({ limit: 100, branch: "all" })).messages).toEqual(
      before,
    );
    const told = await contextOf(conversation);
    expect(told.summary).toBe("In short.");
    expect(told.omitted).toBe(0);
    expect(wordsOf(told)).toEqual(["Q0", ...[4, 5, 6, 7, 8, 9].flatMap((n) => [`Q${n}`, `A${n}`]), "Now?"]);
  });

  it("goes on from the one before it, and is not made where too little has come since", async () => {
    unhurried();
    const conversation = await newConversation();
    await saidMuch(conversation, 10);
    await summarise(conversation, "First.");
    expect(valueOrThrow(await conversation.compact()).compactionId).toBeNull();
    await saidMuch(conversation, 3);
    const { context } = await summarise(conversation, "Second.");
    expect(context.earlier).toBe("First.");
    expect(wordsOf(context)[0]).toBe("Q4");
    expect((await contextOf(conversation)).summary).toBe("Second.");
  });

  it("is one at a time, however often it is asked for", async () => {
    unhurried();
    const conversation = await newConversation();
    await saidMuch(conversation, 10);
    const ids = await Promise.all([1, 2, 3].map(() => conversation.compact()));
    expect(new Set(ids.map((id) => valueOrThrow(id).compactionId)).size).toBe(1);
  });

  it("counts on branches that have its last message on them, and on no other", async () => {
    unhurried();
    const conversation = await newConversation();
    await saidMuch(conversation, 10);
    await summarise(conversation);
    const { messages } = valueOrThrow(await conversation.listMessages({ limit: 100, branch: "all" }));
    const early = present(messages.find(({ content }) => content === "Q1"));
    const caller = { id: owner, as: "owner" } as const;
    const { turn } = valueOrThrow(await conversation.edit({ caller, messageId: early.id, content: "Other" }));
    const key = { turnId: present(turn).id, epoch: 1 };
    const asked = await conversation.contextOf(key);
    expect(asked.ok && [asked.context.summary, wordsOf(asked.context)]).toEqual([
      null,
      ["Q0", "A0", "Other"],
    ]);
  });

  it("goes when a message that it covers is emptied: nothing says any more what that said", async () => {
    unhurried();
    const conversation = await newConversation();
    await saidMuch(conversation, 10);
    await summarise(conversation);
    const { messages } = valueOrThrow(await conversation.listMessages({ limit: 100, branch: "all" }));
    const early = present(messages.find(({ content }) => content === "Q1"));
    valueOrThrow(await conversation.remove({ caller: { id: owner, as: "owner" }, messageId: early.id }));
    const told = await contextOf(conversation);
    expect(told.summary).toBeNull();
    expect(wordsOf(told)).not.toContain("Q1");
    expect(wordsOf(told)).toContain("A1");
  });

  const caller = { id: owner, as: "owner" } as const;
  it.each([
    ["emptied", (conversation, messageId) => conversation.remove({ caller, messageId })],
    ["hidden", (conversation, messageId) => conversation.hide({ messageId, by: "staff", reason: "Unkind" })],
  ] satisfies [string, (conversation: ConversationApi, messageId: string) => Promise<unknown>][])(
    "that was begun before a message in it was %s does not come, and the next one does not say it",
    async (_, takeBack) => {
      unhurried();
      const conversation = await newConversation();
      await saidMuch(conversation, 10);
      const compactionId = present(valueOrThrow(await conversation.compact()).compactionId);
      const asked = await conversation.compactionContext(compactionId);
      if (!asked.ok) throw new Error(asked.code);
      const { messages } = asked.context;
      const taken = present(messages.find(({ content }) => content === "Q1"));
      await takeBack(conversation, taken.id);
      const late = {
        compactionId,
        upTo: present(messages.at(-1)).id,
        text: "Q1, in short.",
        tokens: 5,
        model: "m",
      };
      expect(await conversation.closeCompaction(late)).toEqual({ ok: false, code: "ENDED" });
      expect((await contextOf(conversation)).summary).toBeNull();
      expect(wordsOf((await summarise(conversation)).context)).not.toContain("Q1");
    },
  );

  it("that comes late, or of an erased conversation, changes nothing", async () => {
    unhurried();
    const conversation = await newConversation();
    await saidMuch(conversation, 10);
    const { id, upTo } = await summarise(conversation);
    const again = { compactionId: id, upTo, text: "Another.", tokens: 1, model: "m" };
    expect(await conversation.closeCompaction(again)).toEqual({ ok: false, code: "ENDED" });
    expect((await contextOf(conversation)).summary).toBe("In short.");
    await conversation.erase();
    expect(await conversation.closeCompaction(again)).toEqual({ ok: false, code: "NOT_FOUND" });
  });
});

describe("An answer that has read much of its model's window", () => {
  it("has what was said summarised, and tells what a byte comes to", async () => {
    unhurried();
    const conversation = await newConversation();
    await saidMuch(conversation, 10);
    const reading = { tokens: 150_000, bytes: 500_000, window: 200_000 };
    const key = await ask(conversation, "Much?");
    await conversation.closeTurn({ ...closing(key, "Much."), reading });
    // The one that is being made is the answer to whoever asks for one.
    expect(valueOrThrow(await conversation.compact()).compactionId).not.toBeNull();
    expect((await contextOf(conversation)).tokensPerByte).toBeCloseTo(0.3);
  });

  it("has none made where it has read little", async () => {
    unhurried();
    const conversation = await newConversation();
    const reading = { tokens: 100, bytes: 300, window: 200_000 };
    await conversation.closeTurn({ ...closing(await ask(conversation, "Tea?"), "Yes."), reading });
    await send(conversation, "More", { wantsReply: false });
    expect(valueOrThrow(await conversation.compact()).compactionId).toBeNull();
  });
});
