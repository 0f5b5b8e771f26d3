import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { ask, closing, newConversation, owner, send } from "../../support/conversations.ts";

const caller = { id: owner, as: "owner" } as const;
const stranger = { id: "stranger", as: "owner" } as const;
const staff = { id: "ada", as: "staff" } as const;

const messagesOf = async (conversation: ConversationApi) =>
  valueOrThrow(await conversation.listMessages({ limit: 200, branch: "all" })).messages;

describe("A message that is changed", () => {
  it("is written anew beside the one before, which stays, and is answered", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Which tee?");
    await conversation.closeTurn(closing(key, "No golf here."));
    const [first] = await messagesOf(conversation);
    const edit = { caller, messageId: first?.id ?? "", content: "Which tea?" };
    const { message, turn } = valueOrThrow(await conversation.edit(edit));
    expect(message).toMatchObject({ parentId: null, depth: 0, onPath: true, editedAt: null });
    expect(turn).toMatchObject({ status: "running", answersTo: message.id });
    const before = (await messagesOf(conversation)).map(({ content, onPath }) => [content, onPath]);
    expect(before).toEqual([
      ["Which tee?", false],
      ["No golf here.", false],
      ["Which tea?", true],
      ["", true],
    ]);
  });

  it("takes the place of what is being written to it", async () => {
    const conversation = await newConversation();
    await ask(conversation, "Which tee?");
    const [first] = await messagesOf(conversation);
    await conversation.edit({ caller, messageId: first?.id ?? "", content: "Which tea?" });
    const turns = valueOrThrow(await conversation.listTurns(10));
    expect(turns.map(({ status }) => status)).toEqual(["running", "superseded"]);
  });

  it("is corrected in its place where a person has answered since", async () => {
    const conversation = await newConversation();
    const { message } = await send(conversation, "Which tee?", { wantsReply: false });
    await conversation.changeHolder({ change: { action: "take", by: "ada", force: false }, reason: "" });
    await conversation.send({ sender: staff, clientMessageId: "1", content: "Tea?", wantsReply: false });
    await conversation.changeHolder({
      change: { action: "handBack", by: "ada", isAdmin: false },
      reason: "",
    });
    const edited = valueOrThrow(
      await conversation.edit({ caller, messageId: message.id, content: "Which tea?" }),
    );
    expect(edited).toMatchObject({
      message: { id: message.id, content: "Which tea?", editedAt: expect.any(Number) },
      turn: null,
      created: false,
    });
  });

  it("is one's own", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Which tea?");
    await conversation.closeTurn(closing(key, "Green."));
    const [first, answer] = await messagesOf(conversation);
    for (const edit of [
      { caller: stranger, messageId: first?.id ?? "" },
      { caller: staff, messageId: first?.id ?? "" },
      { caller, messageId: answer?.id ?? "" },
    ])
      expect(await conversation.edit({ ...edit, content: "No" })).toMatchObject({
        ok: false,
        code: "NOT_FOUND",
      });
  });
});

describe("A message that is deleted", () => {
  it("is empty, keeps its place, and is not said to the persona", async () => {
    const conversation = await newConversation();
    const { message } = await send(conversation, "My secret", { wantsReply: false });
    const removed = valueOrThrow(await conversation.remove({ caller, messageId: message.id }));
    expect(removed).toMatchObject({ seq: 1, content: "", status: "deleted", onPath: true });
    const context = await conversation.contextOf(await ask(conversation, "Which tea?"));
    expect(context.ok && context.context.messages.map(({ content }) => content)).toEqual(["Which tea?"]);
  });

  it("is not answered", async () => {
    const conversation = await newConversation();
    const { message } = await send(conversation, "Which tea?");
    await conversation.remove({ caller, messageId: message.id });
    expect(valueOrThrow(await conversation.listTurns(10)).map(({ status }) => status)).toEqual(["stopped"]);
  });

  it("is one's own, or any where staff do it", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Which tea?");
    await conversation.closeTurn(closing(key, "Green."));
    const [first, answer] = await messagesOf(conversation);
    const none = { ok: false, code: "NOT_FOUND" };
    expect(await conversation.remove({ caller: stranger, messageId: first?.id ?? "" })).toMatchObject(none);
    expect(await conversation.remove({ caller, messageId: answer?.id ?? "" })).toMatchObject(none);
    const removed = await conversation.remove({ caller: staff, messageId: answer?.id ?? "" });
    expect(valueOrThrow(removed).status).toBe("deleted");
  });
});

it("Receipts only grow, never beyond the last message, and what is unread is what a count says", async () => {
  const conversation = await newConversation();
  for (let number = 0; number < 10; number++) await send(conversation, `${number}`, { wantsReply: false });
  const seqs = fc.nat({ max: 20 });
  const said = fc.record({ delivered: seqs, read: seqs }, { requiredKeys: [] });
  let held = { delivered: 0, read: 0 };
  await fc.assert(
    fc.asyncProperty(said, async (one) => {
      const next = valueOrThrow(await conversation.receipt({ personId: "ada", ...one }));
      expect(next.read).toBe(Math.max(held.read, Math.min(one.read ?? 0, 10)));
      expect(next.delivered).toBe(Math.max(held.delivered, Math.min(one.delivered ?? 0, 10), next.read));
      expect(next.unread).toBe(10 - next.read);
      held = next;
    }),
    { numRuns: 40 },
  );
  expect(valueOrThrow(await conversation.receipt({ personId: owner }))).toEqual({
    delivered: 0,
    read: 0,
    unread: 0,
  });
});
