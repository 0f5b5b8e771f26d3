import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import type { HolderChange } from "#src/objects/holder-contract.ts";
import { ask, closing, newConversation, send } from "../../support/conversations.ts";

const change = (conversation: ConversationApi, asked: HolderChange, ifEpoch?: number) =>
  conversation.changeHolder({ change: asked, reason: "", ...(ifEpoch !== undefined && { ifEpoch }) });
const take = (conversation: ConversationApi, by: string, force = false) =>
  change(conversation, { action: "take", by, force });
const handBack = (conversation: ConversationApi, by: string) =>
  change(conversation, { action: "handBack", by, isAdmin: false });

const say = (conversation: ConversationApi, id: string, content: string) =>
  conversation.send({ sender: { id, as: "staff" }, clientMessageId: content, content, wantsReply: false });

const told = async (conversation: ConversationApi) =>
  valueOrThrow(await conversation.listMessages({ limit: 200, branch: "active" })).messages.map(
    ({ role, content, status }) => `${role}: ${content || status}`,
  );

describe("Taking a conversation over", () => {
  it("stops what the persona is at, keeps what it had written, and says so", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Which tea?");
    await conversation.writeDelta({ ...key, attempt: 1, offset: 0, text: "Gre" });
    const { conversation: held, message } = valueOrThrow(await take(conversation, "ada"));
    expect(held).toMatchObject({
      holder: "user:ada",
      adminId: "ada",
      holderEpoch: 2,
      activeLeaf: message?.id,
    });
    expect(await told(conversation)).toEqual([
      "user: Which tea?",
      "assistant: Gre",
      "system: A person answers from here on.",
    ]);
    expect(valueOrThrow(await conversation.listTurns(1))[0]?.status).toBe("stopped");
  });

  it("silences the persona: nothing of a turn that it had begun arrives any more", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Which tea?");
    await take(conversation, "ada");
    const before = valueOrThrow(await conversation.readLog(0, 1000));
    const passed = { ok: false, code: "EPOCH_PASSED" };
    expect(await conversation.writeDelta({ ...key, attempt: 1, offset: 0, text: "Green" })).toEqual(passed);
    expect(await conversation.closeTurn(closing(key, "Green."))).toEqual(passed);
    expect(await conversation.contextOf(key)).toEqual(passed);
    await conversation.runEnded({ turnId: key.turnId, runId: "run-1", status: "completed" });
    expect(valueOrThrow(await conversation.readLog(0, 1000))).toEqual(before);
    expect((await send(conversation, "Hello?")).turn).toBeNull();
  });

  it("lets the holder answer, and no other member of staff", async () => {
    const conversation = await newConversation();
    await send(conversation, "Which tea?", { wantsReply: false });
    expect(await say(conversation, "ada", "Too early")).toMatchObject({ ok: false, code: "CONFLICT" });
    await take(conversation, "ada");
    expect(valueOrThrow(await say(conversation, "ada", "Black.")).message).toMatchObject({
      role: "agent",
      senderId: "ada",
    });
    expect(await say(conversation, "bob", "Green.")).toMatchObject({ ok: false, code: "CONFLICT" });
  });

  it("is refused for an epoch that has passed", async () => {
    const conversation = await newConversation();
    const assign = { action: "assign", to: "bob", keepPersona: false } as const;
    await take(conversation, "ada");
    expect(await change(conversation, assign, 1)).toMatchObject({ ok: false, code: "CONFLICT" });
    expect(valueOrThrow(await change(conversation, assign, 2)).conversation.holder).toBe("user:bob");
  });

  it("is not what naming somebody beside the persona is: the persona goes on", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Which tea?");
    await change(conversation, { action: "assign", to: "bob", keepPersona: true });
    expect(valueOrThrow(await conversation.view())).toMatchObject({ holder: "persona", adminId: "bob" });
    expect(await conversation.closeTurn(closing(key, "Green."))).toEqual({ ok: true });
  });

  it("waits in the queue once a person is asked for, until somebody comes", async () => {
    const conversation = await newConversation();
    await ask(conversation, "Let me talk to a person");
    const waiting = valueOrThrow(await change(conversation, { action: "handover" })).conversation;
    expect(waiting).toMatchObject({ holder: "queue", status: "waiting" });
    expect(valueOrThrow(await take(conversation, "ada")).conversation.status).toBe("active");
  });

  it("succeeds for exactly one of those who want it at once, a thousand times", async () => {
    const conversation = await newConversation();
    await change(conversation, { action: "handover" });
    const people = ["ada", "bob", "cleo"];
    for (let time = 0; time < 1000; time++) {
      const outcomes = await Promise.all(people.map((by) => take(conversation, by)));
      const winners = people.filter((_, index) => outcomes[index]?.ok);
      expect(winners).toHaveLength(1);
      const released = valueOrThrow(await change(conversation, { action: "release", by: winners[0] ?? "" }));
      expect(released.conversation.holderEpoch).toBe(2 * time + 4);
    }
  }, 120_000);
});

describe("Handing back", () => {
  it("has what is unanswered answered, once", async () => {
    const conversation = await newConversation();
    await take(conversation, "ada");
    await send(conversation, "Which tea?");
    await send(conversation, "Hello?");
    const { conversation: held } = valueOrThrow(await handBack(conversation, "ada"));
    const turns = valueOrThrow(await conversation.listTurns(10));
    expect(turns).toMatchObject([{ status: "running", epoch: held.holderEpoch }]);
    const key = { turnId: turns[0]?.id ?? "", epoch: held.holderEpoch };
    const context = await conversation.contextOf(key);
    expect(context.ok && context.context.messages.map(({ content }) => content)).toEqual([
      "Which tea?",
      "Hello?",
    ]);
    await conversation.closeTurn(closing(key, "Green."));
    expect(await handBack(conversation, "ada")).toMatchObject({ ok: false, code: "CONFLICT" });
    expect(valueOrThrow(await conversation.listTurns(10))).toHaveLength(1);
  });

  it("begins nothing where a colleague has answered, whose words the persona knows then", async () => {
    const conversation = await newConversation();
    await take(conversation, "ada");
    await send(conversation, "Which tea?");
    await say(conversation, "ada", "Black.");
    await handBack(conversation, "ada");
    expect(valueOrThrow(await conversation.listTurns(10))).toEqual([]);
    const context = await conversation.contextOf(await ask(conversation, "Why?"));
    expect(context.ok && context.context.messages.map(({ role, content }) => [role, content])).toEqual([
      ["user", "Which tea?"],
      ["agent", "Black."],
      ["user", "Why?"],
    ]);
  });

  it("is no other's doing", async () => {
    const conversation = await newConversation();
    await take(conversation, "ada");
    expect(await handBack(conversation, "bob")).toMatchObject({ ok: false, code: "CONFLICT" });
  });
});

describe("A conversation that has ended", () => {
  it("stops what is being written, begins nothing, and goes on with the next message", async () => {
    const conversation = await newConversation();
    await ask(conversation, "First");
    await send(conversation, "Second");
    const ended = valueOrThrow(await conversation.setStatus({ status: "ended", as: "owner" }));
    expect(ended).toMatchObject({ status: "ended", endedAt: expect.any(Number) });
    expect(valueOrThrow(await conversation.listTurns(10)).map(({ status }) => status)).toEqual(["stopped"]);
    const { turn } = await send(conversation, "Third");
    expect(turn?.status).toBe("running");
    expect(valueOrThrow(await conversation.view())).toMatchObject({ status: "active", endedAt: null });
  });
});
