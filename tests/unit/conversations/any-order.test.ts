import { evictDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi, MessageView, TurnView } from "#src/objects/conversation-api.ts";
import { closing, newConversation, newPlace, objectAt, persona, send } from "../../support/conversations.ts";

interface Seen {
  messages: MessageView[];
  turns: TurnView[];
  activeLeaf: string | null;
  holder: string;
}

async function look(conversation: ConversationApi): Promise<Seen> {
  const { activeLeaf, holder } = valueOrThrow(await conversation.view());
  const { messages } = valueOrThrow(await conversation.listMessages({ limit: 200, branch: "all" }));
  return { messages, turns: valueOrThrow(await conversation.listTurns(200)), activeLeaf, holder };
}

/** What holds of a conversation at every moment. */
function check({ messages, turns, activeLeaf, holder }: Seen): void {
  const running = turns.filter(({ status }) => status === "running");
  expect(running.length).toBeLessThanOrEqual(holder === "persona" ? 1 : 0);
  const open = messages.filter(({ status }) => status === "pending" || status === "streaming");
  expect(open.map(({ id, turnId }) => [id, turnId])).toEqual(
    running.map(({ id, messageId }) => [messageId, id]),
  );
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
  const byId = new Map(messages.map((message) => [message.id, message]));
  for (const { parentId, depth, seq } of messages) {
    const parent = parentId === null ? undefined : byId.get(parentId);
    expect(parentId === null || (parent !== undefined && parent.seq < seq)).toBe(true);
    expect(depth).toBe(parent ? parent.depth + 1 : 0);
  }
  const path: string[] = [];
  for (let at = activeLeaf; at !== null; at = byId.get(at)?.parentId ?? null) path.unshift(at);
  expect(messages.filter(({ onPath }) => onPath).map(({ id }) => id)).toEqual(path);
  for (const { answersTo, messageId } of turns) expect(byId.get(messageId)?.parentId).toBe(answersTo);
}

const steps = fc.record({
  what: fc.constantFrom(
    "send",
    "branch",
    "write",
    "close",
    "fail",
    "cancel",
    "stop",
    "regenerate",
    "activate",
    "evict",
    "take",
    "release",
    "handBack",
    "handover",
    "edit",
    "remove",
    "end",
    "agent",
  ),
  which: fc.nat({ max: 50 }),
});

const caller = { id: "owner-1", as: "owner" } as const;

/** Something that happens to a conversation: a person's doing, a consumer's, a run's end, a crash. */
async function happen(
  conversation: ConversationApi,
  { what, which }: { what: string; which: number },
  seen: Seen,
  evict: () => Promise<void>,
) {
  const any = <T>(all: readonly T[]): T | undefined => all[which % Math.max(1, all.length)];
  // Also turns that are over are told of, late.
  const turn = any(seen.turns);
  const key = { turnId: turn?.id ?? "none", epoch: turn?.epoch ?? 1 };
  const runId = "run";
  switch (what) {
    case "send":
      return conversation.send({
        sender: { id: "owner-1", as: "owner" },
        clientMessageId: `${seen.messages.length}`,
        content: "?",
        wantsReply: which % 3 > 0,
      });
    case "branch": {
      const parent = any(seen.messages.filter(({ onPath }) => onPath));
      return parent && send(conversation, "Another?", { parentId: parent.id });
    }
    case "write":
      return conversation.writeDelta({ ...key, attempt: 1 + (which % 2), offset: 0, text: "text" });
    case "close":
      return conversation.closeTurn(closing(key, "The answer", 3));
    case "fail":
      return conversation.runEnded({ turnId: key.turnId, runId, status: "failed" });
    case "cancel":
      return conversation.runEnded({ turnId: key.turnId, runId, status: "cancelled" });
    case "stop":
      return conversation.stop();
    case "regenerate":
      return conversation.regenerate(any(seen.messages)?.id ?? "none");
    case "activate":
      return conversation.activate(any(seen.messages)?.id ?? "none");
    case "take":
      return conversation.changeHolder({ change: { action: "take", by: "ada", force: false }, reason: "" });
    case "release":
      return conversation.changeHolder({ change: { action: "release", by: "ada" }, reason: "" });
    case "handBack":
      return conversation.changeHolder({
        change: { action: "handBack", by: "ada", isAdmin: true },
        reason: "",
      });
    case "handover":
      return conversation.changeHolder({ change: { action: "handover" }, reason: "" });
    case "agent":
      return conversation.send({
        sender: { id: "ada", as: "staff" },
        clientMessageId: `${seen.messages.length}`,
        content: "A person says",
        wantsReply: true,
      });
    case "edit":
      return conversation.edit({ caller, messageId: any(seen.messages)?.id ?? "none", content: "Corrected" });
    case "remove":
      return conversation.remove({ caller, messageId: any(seen.messages)?.id ?? "none" });
    case "end":
      return conversation.setStatus({ status: which % 2 === 0 ? "ended" : "active", as: "owner" });
    default:
      return evict();
  }
}

it("Whatever happens in whatever order, one turn runs at most, each ends, and the tree stays one", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("queue" as const, "interrupt" as const),
      fc.array(steps, { minLength: 5, maxLength: 25 }),
      async (onBusy, all) => {
        const place = newPlace();
        const conversation = await newConversation({ persona: persona({ onBusy }) }, place);
        const evict = () => evictDurableObject(objectAt(place));
        for (const step of all) {
          await happen(conversation, step, await look(conversation), evict);
          check(await look(conversation));
        }
        // What is left ends as well: each turn's run ends, and each end begins at most one turn more.
        for (
          let left = await look(conversation);
          left.turns[0]?.status === "running";
          left = await look(conversation)
        )
          await conversation.runEnded({ turnId: left.turns[0].id, runId: "run", status: "failed" });
        check(await look(conversation));
      },
    ),
    { numRuns: 30 },
  );
}, 120_000);
