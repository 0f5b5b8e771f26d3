import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { ConversationState } from "#durable-objects/conversation/conversation-state.ts";
import { TurnOutbox } from "#durable-objects/conversation/turn-outbox.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import type { HolderRequest } from "#src/objects/holder-contract.ts";
import {
  ask,
  newConversation,
  newPlace,
  objectAt,
  owner,
  persona,
  send,
} from "../../support/conversations.ts";

const turnsOf = async (conversation: ConversationApi) =>
  valueOrThrow(await conversation.listTurns(10)).map(({ status }) => status);

const changed = async (conversation: ConversationApi, request: Omit<HolderRequest, "reason">) =>
  valueOrThrow(await conversation.changeHolder({ reason: "", ...request }));

describe("A persona that may not answer any more", () => {
  it("answers nothing of what came while it was at what is stopped", async () => {
    const conversation = await newConversation();
    await ask(conversation, "Which tea?");
    await send(conversation, "And which coffee?");
    valueOrThrow(await conversation.stop(null));
    expect(await turnsOf(conversation)).toEqual(["stopped"]);
  });

  it("answers nothing of what is handed back to it", async () => {
    const conversation = await newConversation();
    await changed(conversation, { change: { action: "take", by: "ada", force: false } });
    await send(conversation, "Which tea?");
    const handBack = { action: "handBack", by: "ada", isAdmin: false } as const;
    const { conversation: held } = await changed(conversation, { change: handBack, persona: null });
    expect([held.holder, await turnsOf(conversation)]).toEqual(["persona", []]);
  });
});

it("What goes on by itself goes on with the persona as it is by then", async () => {
  const conversation = await newConversation();
  await ask(conversation, "Which tea?");
  await send(conversation, "And which coffee?");
  valueOrThrow(await conversation.stop(persona({ systemPrompt: "You sell coffee." })));
  const [turn] = valueOrThrow(await conversation.listTurns(1));
  const context = await conversation.contextOf({ turnId: turn?.id ?? "", epoch: turn?.epoch ?? 0 });
  expect(context.ok && context.context.systemPrompt).toBe("You sell coffee.");
});

it("Whoever takes what they hold is answered, and nothing more is said of it", async () => {
  const conversation = await newConversation();
  const take = { change: { action: "take", by: "ada", force: false } } as const;
  const first = await changed(conversation, take);
  const again = await changed(conversation, take);
  expect(again).toEqual({ conversation: first.conversation, message: null });
});

it("What waits for a person waits on when its owner says that it is active", async () => {
  const conversation = await newConversation();
  await changed(conversation, { change: { action: "handover" } });
  const active = { status: "active", as: "owner" } as const;
  expect(valueOrThrow(await conversation.setStatus(active)).status).toBe("waiting");
  valueOrThrow(await conversation.setStatus({ status: "ended", as: "owner" }));
  expect(valueOrThrow(await conversation.setStatus(active))).toMatchObject({
    status: "waiting",
    holder: "queue",
    endedAt: null,
  });
});

/** Does something with the outbox of a conversation that has begun. */
const withOutbox = (work: (outbox: TurnOutbox) => void) =>
  runInDurableObject(objectAt(newPlace()), (_, { storage }) => {
    const state = new ConversationState(storage);
    const made = {
      owner: { id: owner, kind: "user" as const },
      instanceId: "instance-1",
      projectId: null,
      title: null,
    };
    state.begin(
      { id: "c-1", clientId: "t-1" },
      { ...made, metadata: {}, greeting: null, persona: persona() },
      0,
    );
    work(new TurnOutbox(storage.sql));
  });

it("Lists that never say that they know are told ever more seldom, a few times a day in the end", () =>
  withOutbox((outbox) => {
    outbox.tellLists(0);
    let now = outbox.nextAt ?? 0;
    const hours: number[] = [];
    for (let time = 0; time < 15; time++) {
      outbox.listsTold(now);
      const next = outbox.nextAt ?? 0;
      hours.push((next - now) / 3_600_000);
      now = next;
    }
    expect(hours[0]).toBe(20 / 3600);
    expect(hours.every((pause, time) => time === 0 || pause >= (hours[time - 1] ?? 0))).toBe(true);
    expect(hours.at(-1)).toBe(6);
    outbox.listsTold(now);
    outbox.tellLists(now + 60_000);
    expect((outbox.nextAt ?? 0) - now).toBe(60_500);
  }));

it("Others are told half a second after something has changed, and once a second while somebody talks on", () =>
  withOutbox((outbox) => {
    const now = 1_000_000;
    outbox.tellLists(now);
    expect(outbox.nextAt).toBe(now + 500);
    outbox.tells(now + 500);
    outbox.listsTold(now + 500);
    outbox.tellLists(now + 600);
    expect(outbox.nextAt).toBe(now + 1500);
  }));
