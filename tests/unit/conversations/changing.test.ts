import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxLookedThrough } from "#durable-objects/conversation/participants.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import {
  ask,
  closing,
  newConversation,
  newPlace,
  objectAt,
  owner,
  send,
} from "../../support/conversations.ts";

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

  it("is answered in a conversation that had ended, which goes on", async () => {
    const conversation = await newConversation();
    const { message } = await send(conversation, "Which tee?", { wantsReply: false });
    await conversation.setStatus({ status: "ended", as: "owner" });
    const edit = { caller, messageId: message.id, content: "Which tea?" };
    expect(valueOrThrow(await conversation.edit(edit)).turn).toMatchObject({ status: "running" });
    expect(valueOrThrow(await conversation.view())).toMatchObject({ status: "active", endedAt: null });
  });

  it("counts as one that is written: nobody changes messages faster than they may write", async () => {
    const conversation = await newConversation();
    const { message } = await send(conversation, "0", { wantsReply: false });
    const edit = (content: string) => conversation.edit({ caller, messageId: message.id, content });
    for (let number = 1; number < 20; number++) valueOrThrow(await edit(`${number}`));
    const tooFast = { ok: false, code: "RATE_LIMITED", details: { retry_after: expect.any(Number) } };
    expect(await edit("20")).toMatchObject(tooFast);
    await conversation.stop();
    const messages = await messagesOf(conversation);
    const answer = messages.at(-1);
    expect(await conversation.regenerate(answer?.id ?? "")).toMatchObject(tooFast);
    const before = messages.find(({ role, onPath }) => role === "assistant" && !onPath);
    expect(await conversation.activate(before?.id ?? "")).toMatchObject(tooFast);
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

it("A conversation that ended in the queue waits for a person again when its owner writes", async () => {
  const conversation = await newConversation();
  await conversation.changeHolder({ change: { action: "handover" }, reason: "" });
  await conversation.setStatus({ status: "ended", as: "owner" });
  await send(conversation, "Is anybody there?");
  expect(valueOrThrow(await conversation.view())).toMatchObject({ holder: "queue", status: "waiting" });
});

it("What is unread is counted in the messages next behind what is read, however many there are", async () => {
  const place = newPlace();
  const conversation = await newConversation({}, place);
  await send(conversation, "1", { wantsReply: false });
  await runInDurableObject(objectAt(place), (_, { storage }) => {
    for (let seq = 2; seq <= maxLookedThrough + 10; seq++)
      storage.sql.exec(
        `INSERT INTO messages (seq, id, depth, on_path, role, sender_id, content, status, wants_reply, created_at, updated_at)
         VALUES (?, ?, 0, 0, 'agent', 'ada', 'more', 'complete', 0, 0, 0)`,
        seq,
        `${seq}`,
      );
  });
  const { unread } = valueOrThrow(await conversation.receipt({ personId: owner }));
  expect(unread).toBe(maxLookedThrough - 1);
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
    muted: false,
  });
});
