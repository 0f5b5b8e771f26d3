import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { AttachmentRows } from "#durable-objects/conversation/attachment-rows.ts";
import { ConversationState } from "#durable-objects/conversation/conversation-state.ts";
import { MessageStore } from "#durable-objects/conversation/message-store.ts";
import { copiesAtOnce, SearchFeed } from "#durable-objects/conversation/search-feed.ts";
import { TurnOutbox } from "#durable-objects/conversation/turn-outbox.ts";
import { newConversation, newPlace, objectAt, owner } from "../../support/conversations.ts";

/** A conversation in which so much was said that its search does not know, with a clock that stands still. */
async function toldOf(said: number, work: (feed: ReturnType<typeof feedOf>) => Promise<void>): Promise<void> {
  const place = newPlace();
  await newConversation({}, place);
  await runInDurableObject(objectAt(place), async (_, { storage }) => {
    await storage.deleteAlarm();
    await work(feedOf(storage, said));
  });
}

function feedOf(storage: DurableObjectStorage, said: number) {
  const now = Date.now();
  const { sql } = storage;
  const state = new ConversationState(storage);
  const messages = new MessageStore(sql, state);
  const outbox = new TurnOutbox(sql);
  const calls: number[] = [];
  const feed = new SearchFeed({
    ...{ sql, state, outbox, attachments: new AttachmentRows(sql) },
    write: (work) => storage.transactionSync(() => work(now)),
    search: () => ({
      put: async ({ copies }) => void calls.push(copies.length),
      erase: async () => true,
    }),
  });
  for (let number = 0, parentId: string | null = null; number < said; number++)
    parentId = messages.append(
      { role: "user", senderId: owner, parentId, content: `Tea ${number}`, status: "complete" },
      now,
    ).id;
  const isDue = () => outbox.due(now).some(({ kind }) => kind === "search");
  return { feed, outbox, calls, now, isDue };
}

it("What does not fit into one call is told with the next ones at once, each of a bounded size", () =>
  toldOf(2 * copiesAtOnce + 20, async ({ feed, calls, now, isDue }) => {
    feed.again(now);
    // The clock stands still: a pass that had to wait for anything would not be due.
    for (let pass = 0; pass < 10 && isDue(); pass++) await feed.tell();
    expect(calls).toEqual([copiesAtOnce, copiesAtOnce, 20]);
    expect(isDue()).toBe(false);
  }));

it("What is written now and then is gathered before it is told", () =>
  toldOf(1, async ({ feed, outbox, calls, now, isDue }) => {
    outbox.remove("", "search");
    feed.note(now);
    expect(isDue()).toBe(false);
    expect(outbox.due(now + 500).map(({ kind }) => kind)).toContain("search");
    await feed.tell();
    expect(calls).toEqual([1]);
  }));
