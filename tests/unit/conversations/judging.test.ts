import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi, MessageView } from "#src/objects/conversation-api.ts";
import { ask, closing, newConversation, owner, send, unhurried } from "../../support/conversations.ts";

const everything = { limit: 200, branch: "all" } as const;
const messagesOf = async (conversation: ConversationApi, withHidden = false) =>
  valueOrThrow(await conversation.listMessages({ ...everything, withHidden })).messages;

const answered = async (conversation: ConversationApi, text: string): Promise<MessageView> => {
  const key = await ask(conversation, "Which tea?");
  await conversation.closeTurn(closing(key, text));
  const answer = (await messagesOf(conversation)).at(-1);
  if (!answer) throw new Error("Nothing was answered");
  return answer;
};

const hide = (conversation: ConversationApi, messageId: string) =>
  conversation.hide({ messageId, by: "ada", reason: "Rude" });

describe("A hidden message", () => {
  it("is empty for everybody but the staff, also in what is kept of the log, and keeps its place", async () => {
    const conversation = await newConversation();
    const { id } = await answered(conversation, "Something rude");
    expect(valueOrThrow(await hide(conversation, id))).toMatchObject({
      content: "Something rude",
      status: "hidden",
    });
    expect((await messagesOf(conversation)).at(-1)).toMatchObject({ id, content: "", status: "hidden" });
    expect((await messagesOf(conversation, true)).at(-1)).toMatchObject({ content: "Something rude" });
    const log = valueOrThrow(await conversation.readLog(0, 1000)).entries;
    expect(JSON.stringify(log)).not.toContain("rude");
    expect(log.at(-1)).toMatchObject({ event: "message.hidden", data: { message_id: id } });
  });

  it("is nothing that the persona reads, nor that is unread", async () => {
    const conversation = await newConversation();
    const { id } = await answered(conversation, "Something rude");
    await hide(conversation, id);
    const context = await conversation.contextOf(await ask(conversation, "Why?"));
    expect(context.ok && context.context.messages.map(({ content }) => content)).toEqual([
      "Which tea?",
      "Why?",
    ]);
    expect(valueOrThrow(await conversation.receipt({ personId: owner }))).toMatchObject({ unread: 1 });
  });

  it("may be an answer that is being written, which is stopped", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Which tea?");
    await conversation.writeDelta({ ...key, attempt: 1, offset: 0, text: "Something ru" });
    const answer = (await messagesOf(conversation)).at(-1);
    const hidden = valueOrThrow(await hide(conversation, answer?.id ?? ""));
    expect(hidden).toMatchObject({ content: "Something ru", status: "hidden" });
    expect(await conversation.closeTurn(closing(key, "Something rude"))).toEqual({
      ok: false,
      code: "ENDED",
    });
    expect((await messagesOf(conversation)).at(-1)).toMatchObject({ content: "", status: "hidden" });
  });

  it("is hidden once: again changes nothing; one that was emptied is none", async () => {
    const conversation = await newConversation();
    const { id } = await answered(conversation, "Something rude");
    await hide(conversation, id);
    const before = valueOrThrow(await conversation.view()).revision;
    valueOrThrow(await hide(conversation, id));
    expect(valueOrThrow(await conversation.view()).revision).toBe(before);
    await conversation.remove({ caller: { id: "ada", as: "staff" }, messageId: id });
    expect(await hide(conversation, id)).toMatchObject({ ok: false, code: "NOT_FOUND" });
    expect((await messagesOf(conversation, true)).at(-1)).toMatchObject({ content: "", status: "deleted" });
  });
});

it("What a deleted message said is in no entry of the log either", async () => {
  const conversation = await newConversation();
  const { message } = await send(conversation, "My secret", { wantsReply: false });
  await conversation.remove({ caller: { id: owner, as: "owner" }, messageId: message.id });
  expect(JSON.stringify(valueOrThrow(await conversation.readLog(0, 1000)))).not.toContain("My secret");
});

describe("What its owner thinks of a message", () => {
  it("is one thing: the latest, or nothing any more", async () => {
    const conversation = await newConversation();
    const { id: messageId } = await answered(conversation, "Green.");
    const rate = (feedback: MessageView["feedback"]) =>
      conversation.rate({ personId: owner, messageId, feedback });
    const up = { rating: "up", reason: null, comment: null } as const;
    const down = { rating: "down", reason: "wrong", comment: "Black it is" } as const;
    valueOrThrow(await rate(up));
    expect(valueOrThrow(await rate(down)).feedback).toEqual(down);
    const { length } = valueOrThrow(await conversation.readLog(0, 1000)).entries;
    valueOrThrow(await rate(down));
    expect(valueOrThrow(await conversation.readLog(0, 1000)).entries).toHaveLength(length);
    expect(valueOrThrow(await rate(null)).feedback).toBeNull();
  });

  it("is of what others have said, and is said at the pace of writing", async () => {
    const conversation = await newConversation();
    const { id: messageId } = await answered(conversation, "Green.");
    const [question] = await messagesOf(conversation);
    const up = { rating: "up", reason: null, comment: null } as const;
    const own = { personId: owner, messageId: question?.id ?? "", feedback: up };
    expect(await conversation.rate(own)).toMatchObject({ ok: false, code: "CONFLICT" });
    const codes: string[] = [];
    for (let time = 0; time < 30; time++) {
      const outcome = await conversation.rate({ ...own, messageId, feedback: time % 2 === 0 ? up : null });
      codes.push(outcome.ok ? "ok" : outcome.code);
    }
    expect([codes.at(0), codes.at(-1)]).toEqual(["ok", "RATE_LIMITED"]);
  });
});

describe("What its owner says of a conversation that has ended", () => {
  const ended = { status: "ended", as: "staff" } as const;

  it("is said once for each time that it ends", async () => {
    unhurried();
    const conversation = await newConversation();
    const good = { score: 5, comment: null };
    expect(await conversation.rateEnding(good)).toMatchObject({ ok: false, code: "CONFLICT" });
    const first = valueOrThrow(await conversation.setStatus(ended));
    expect(first.satisfaction).toEqual({ asked: true, score: null, comment: null });
    expect(valueOrThrow(await conversation.rateEnding(good)).satisfaction).toMatchObject({ score: 5 });
    expect((await conversation.rateEnding(good)).ok).toBe(true);
    expect(await conversation.rateEnding({ score: 1, comment: null })).toMatchObject({ code: "CONFLICT" });
    await send(conversation, "One more thing");
    expect(valueOrThrow(await conversation.view()).satisfaction).toBeNull();
    await conversation.setStatus({ ...ended, asksSatisfaction: false });
    expect(valueOrThrow(await conversation.rateEnding({ score: 1, comment: "Slow" })).satisfaction).toEqual({
      asked: false,
      score: 1,
      comment: "Slow",
    });
  });
});
