import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { maxAnswerBytes, type TurnDelta } from "#src/objects/turn-contract.ts";
import {
  ask,
  closing,
  newConversation,
  newPlace,
  objectAt,
  send,
  unhurried,
} from "../../support/conversations.ts";
import { tenantObject } from "../../support/objects.ts";

const everything = { limit: 200, branch: "all" } as const;

const messagesOf = async (conversation: ConversationApi) =>
  valueOrThrow(await conversation.listMessages(everything)).messages;
const lastTurn = async (conversation: ConversationApi) => valueOrThrow(await conversation.listTurns(1))[0];
const logOf = async (conversation: ConversationApi) =>
  valueOrThrow(await conversation.readLog(0, 1000)).entries.map(({ event, data }) => ({ event, data }));

describe("A turn", () => {
  it("begins with its message: the answer's place, the epoch and the run are there at once", async () => {
    const place = newPlace();
    const conversation = await newConversation({}, place);
    const { message, turn } = await send(conversation, "Which tea?");
    expect(turn).toMatchObject({ status: "running", epoch: 1, answersTo: message.id });
    const [, answer] = await messagesOf(conversation);
    expect(answer).toMatchObject({
      id: turn?.messageId,
      parentId: message.id,
      role: "assistant",
      status: "pending",
    });
    await expect.poll(async () => (await lastTurn(conversation))?.runId ?? null).not.toBeNull();
    const runId = (await lastTurn(conversation))?.runId ?? "";
    const run = valueOrThrow(await tenantObject(place.clientId).getRun(runId, "tenant"));
    expect(run.correlation_id).toBe(runId);
  });

  it("that has ended before its run was heard to begin asks for none any more", async () => {
    const place = newPlace();
    const conversation = await newConversation({}, place);
    const key = await ask(conversation, "Which tea?");
    const { turnId } = key;
    await conversation.closeTurn(closing(key, "Green."));
    const starts = (storage: DurableObjectStorage) =>
      storage.sql.exec("SELECT next_at FROM outbox WHERE turn_id = ? AND kind = 'start'", turnId).toArray();
    // As if a crash had kept back that its run began.
    await runInDurableObject(objectAt(place), (_, { storage }) => {
      storage.sql.exec(
        "INSERT OR REPLACE INTO outbox (turn_id, kind, failures, since, next_at) VALUES (?, 'start', 0, 0, 0)",
        turnId,
      );
    });
    await runDurableObjectAlarm(objectAt(place));
    expect(await runInDurableObject(objectAt(place), (_, { storage }) => starts(storage))).toEqual([]);
  });

  it("has the context of now: who it is for, and what was said on the active path, the oldest first", async () => {
    const conversation = await newConversation();
    const first = await ask(conversation, "Which tea?");
    await conversation.closeTurn(closing(first, "Green."));
    const second = await ask(conversation, "Why?");
    const answer = await conversation.contextOf(second);
    expect(answer).toMatchObject({
      ok: true,
      context: {
        ...{ turnId: second.turnId, systemPrompt: "You sell tea.", omitted: 0, tools: [] },
        person: { id: "owner-1", kind: "user" },
        budget: { fuel: 1000, answerBytes: maxAnswerBytes },
        messages: [
          { role: "user", content: "Which tea?" },
          { role: "assistant", content: "Green." },
          { role: "user", content: "Why?" },
        ],
      },
    });
  });

  it("has the first message and the newest where the path is longer than one call carries", async () => {
    unhurried();
    const conversation = await newConversation();
    const content = "x".repeat(32_000);
    await send(conversation, "The very first", { wantsReply: false });
    for (let number = 0; number < 130; number++) await send(conversation, content, { wantsReply: false });
    const answer = await conversation.contextOf(await ask(conversation, "The last"));
    const { messages, omitted } = answer.ok ? answer.context : { messages: [], omitted: -1 };
    expect([messages[0]?.content, messages.at(-1)?.content]).toEqual(["The very first", "The last"]);
    expect(omitted).toBeGreaterThan(0);
    expect(messages.length + omitted).toBe(132);
  });

  it("closes its message with all of its text, whatever was lost on the way, and once", async () => {
    const place = newPlace();
    const conversation = await newConversation({}, place);
    const key = await ask(conversation, "Which tea?");
    await conversation.writeDelta({ ...key, attempt: 1, offset: 0, text: "Gre" });
    for (const _ of [1, 2])
      expect(await conversation.closeTurn(closing(key, "Green tea."))).toEqual({ ok: true });
    expect((await messagesOf(conversation))[1]).toMatchObject({
      ...{ content: "Green tea.", status: "complete", model: "model-1" },
      usage: { input_tokens: 10, output_tokens: 5 },
    });
    const completed = (await logOf(conversation)).filter(({ event }) => event === "message.completed");
    const sha256 = createHash("sha256").update("Green tea.").digest("hex");
    expect(completed).toMatchObject([{ data: { text_length: 10, sha256 } }]);
    const chunks = await runInDurableObject(objectAt(place), (_, { storage }) =>
      storage.sql.exec("SELECT text FROM chunks").toArray(),
    );
    expect(chunks).toEqual([]);
  });

  it("takes no answer that is longer than answers may be", async () => {
    const conversation = await newConversation();
    const key = await ask(conversation, "Everything?");
    const tooLong = { ok: false, code: "TOO_LONG" };
    const text = "ä".repeat(50_000);
    const write = (offset: number) => conversation.writeDelta({ ...key, attempt: 1, offset, text });
    expect(await write(0)).toEqual({ ok: true, have: 50_000 });
    expect(await write(50_000)).toEqual({ ok: true, have: 100_000 });
    expect(await write(100_000)).toEqual(tooLong);
    expect(await conversation.closeTurn(closing(key, text.repeat(3)))).toEqual(tooLong);
    expect(await lastTurn(conversation)).toMatchObject({ status: "running" });
  });
});

/** How an answer is handed over: cut anywhere, each piece perhaps lost, told twice, or told again from before. */
const deliveries = fc.array(
  fc.record({
    length: fc.integer({ min: 1, max: 9 }),
    lost: fc.boolean(),
    twice: fc.boolean(),
    back: fc.nat(5),
  }),
  { maxLength: 12 },
);

it("The text that is there is what was written, for any cut, loss, repeat, new attempt and new instance", async () => {
  const text = "0123456789".repeat(20);
  await fc.assert(
    fc.asyncProperty(
      fc.array(deliveries, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (attempts, evict) => {
        const place = newPlace();
        const conversation = await newConversation({}, place);
        const key = await ask(conversation, "Digits?");
        let expected = "";
        for (const [index, pieces] of attempts.entries()) {
          const attempt = index + 1;
          let at = 0;
          for (const { length, lost, twice, back } of pieces) {
            const offset = Math.max(0, at - back);
            const delta: TurnDelta = { ...key, attempt, offset, text: text.slice(offset, at + length) };
            const times = lost ? 0 : twice ? 2 : 1;
            for (let time = 0; time < times; time++) {
              const answer = await conversation.writeDelta(delta);
              // Whoever writes goes on where the conversation has the text.
              if (answer.ok) at = answer.have;
              expected = text.slice(0, at);
            }
          }
          if (!evict) continue;
          await conversation.view();
          await evictDurableObject(objectAt(place));
        }
        await conversation.stop();
        expect((await messagesOf(conversation))[1]).toMatchObject({ status: "stopped", content: expected });
      },
    ),
    { numRuns: 25 },
  );
});

describe("Nothing changes by", () => {
  const begun = async () => {
    const place = newPlace();
    const conversation = await newConversation({}, place);
    const key = await ask(conversation, "Which tea?");
    await conversation.writeDelta({ ...key, attempt: 2, offset: 0, text: "Green" });
    return { place, conversation, key };
  };
  const refusals = async (
    conversation: ConversationApi,
    key: { turnId: string; epoch: number },
    attempt: number,
  ) => {
    const before = await logOf(conversation);
    const codes = [
      await conversation.writeDelta({ ...key, attempt, offset: 0, text: "Black" }),
      await conversation.closeTurn(closing(key, "Black", attempt)),
    ].map((answer) => !answer.ok && answer.code);
    expect(await logOf(conversation)).toEqual(before);
    return codes;
  };

  it("an older attempt", async () => {
    const { conversation, key } = await begun();
    expect(await refusals(conversation, key, 1)).toEqual(["ATTEMPT_PASSED", "ATTEMPT_PASSED"]);
  });

  it("another epoch", async () => {
    const { place, conversation, key } = await begun();
    expect(await refusals(conversation, { ...key, epoch: 2 }, 2)).toEqual(["EPOCH_PASSED", "EPOCH_PASSED"]);
    await runInDurableObject(objectAt(place), (_, { storage }) => {
      storage.sql.exec("UPDATE conversation SET holder_epoch = 2");
    });
    await evictDurableObject(objectAt(place));
    expect(await refusals(conversation, key, 2)).toEqual(["EPOCH_PASSED", "EPOCH_PASSED"]);
    expect(await conversation.contextOf(key)).toEqual({ ok: false, code: "EPOCH_PASSED" });
  });

  it("a turn that is over, or never was", async () => {
    const { conversation, key } = await begun();
    await conversation.stop();
    expect(await refusals(conversation, key, 2)).toEqual(["ENDED", "ENDED"]);
    expect(await refusals(conversation, { ...key, turnId: "none" }, 2)).toEqual(["NOT_FOUND", "NOT_FOUND"]);
  });
});

describe("The end of a run ends its turn:", () => {
  it.each([
    ["completed", undefined, "failed", "INTERNAL_ERROR"],
    ["failed", { code: "INSUFFICIENT_FUEL" }, "failed", "INSUFFICIENT_FUEL"],
    ["cancelled", undefined, "stopped", null],
  ] as const)("%s without an answer, %o", async (status, error, turnStatus, code) => {
    const conversation = await newConversation();
    const { turnId } = await ask(conversation, "Which tea?");
    const ended = { turnId, runId: "run-1", status, ...(error && { error }) };
    await conversation.runEnded(ended);
    await conversation.runEnded({ ...ended, status: "cancelled" });
    expect(await lastTurn(conversation)).toMatchObject({ status: turnStatus, error: code });
    expect((await messagesOf(conversation))[1]).toMatchObject({ status: turnStatus, error: code });
  });

  it("what came meanwhile is answered then, and what failed is not tried again by itself", async () => {
    const conversation = await newConversation();
    const { turnId } = await ask(conversation, "First");
    const second = await send(conversation, "Second");
    await conversation.runEnded({ turnId, runId: "run-1", status: "failed" });
    const next = await lastTurn(conversation);
    expect(next).toMatchObject({ status: "running", answersTo: second.message.id });
    await conversation.runEnded({ turnId: next?.id ?? "", runId: "run-2", status: "failed" });
    expect(await lastTurn(conversation)).toEqual({
      ...next,
      runId: "run-2",
      status: "failed",
      error: "INTERNAL_ERROR",
    });
  });

  it("an answer that failed is written again in its place, one that did not beside it", async () => {
    const conversation = await newConversation();
    const { turnId } = await ask(conversation, "Which tea?");
    await conversation.runEnded({ turnId, runId: "run-1", status: "failed" });
    const failed = (await messagesOf(conversation))[1]?.id ?? "";
    const again = valueOrThrow(await conversation.regenerate(failed));
    expect(again.messageId).toBe(failed);
    expect(await conversation.regenerate(failed)).toMatchObject({ ok: false, code: "TURN_RUNNING" });
    await conversation.closeTurn(closing({ turnId: again.id, epoch: again.epoch }, "Green."));
    const beside = valueOrThrow(await conversation.regenerate(failed));
    await conversation.closeTurn(closing({ turnId: beside.id, epoch: beside.epoch }, "Black."));
    const told = (await messagesOf(conversation)).map(({ content, status, onPath }) => [
      content,
      status,
      onPath,
    ]);
    expect(told).toEqual([
      ["Which tea?", "complete", true],
      ["Green.", "complete", false],
      ["Black.", "complete", true],
    ]);
    const moved = { ok: false, code: "CONFLICT" };
    expect(await conversation.activate(failed, failed)).toMatchObject(moved);
    expect(valueOrThrow(await conversation.activate(failed, beside.messageId)).activeLeaf).toBe(failed);
  });
});
