import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { archivedTables } from "#durable-objects/conversation/archive-tables.ts";
import { ConversationLog } from "#durable-objects/conversation/conversation-log.ts";
import { ConversationState } from "#durable-objects/conversation/conversation-state.ts";
import { Freezer } from "#durable-objects/conversation/freezer.ts";
import { MessageStore } from "#durable-objects/conversation/message-store.ts";
import { NoteStore } from "#durable-objects/conversation/note-store.ts";
import { TurnOutbox } from "#durable-objects/conversation/turn-outbox.ts";
import { newPlace, objectAt, owner, persona } from "../../support/conversations.ts";

const endedAt = 2_000_000;

/** R2 as far as the archive goes, at a place of its own, which may fail. */
function bucket() {
  const kept = new Map<string, string>();
  let broken: (operation: "put" | "get", key: string) => unknown = () => {};
  return {
    kept,
    breaks(how: typeof broken) {
      broken = how;
    },
    blobs: {
      async put(key: string, text: string) {
        await broken("put", key);
        kept.set(key, text);
      },
      async get(key: string) {
        await broken("get", key);
        const text = kept.get(key);
        return text === undefined ? null : { text: async () => text };
      },
      async list() {
        return { objects: [...kept.keys()].map((key) => ({ key })), truncated: false };
      },
      async delete(keys: string[]) {
        for (const key of keys) kept.delete(key);
      },
    },
  };
}

/** An ended conversation of some parts, at a clock of its own. */
function underTest(storage: DurableObjectStorage) {
  const { sql } = storage;
  let now = 1_000_000;
  let isHeard = false;
  const state = new ConversationState(storage);
  const begun = {
    instanceId: "i",
    projectId: null,
    title: null,
    metadata: {},
    greeting: null,
    persona: persona(),
  };
  state.begin({ id: "c", clientId: "t" }, { ...begun, owner: { id: owner, kind: "user" } }, now);
  const messages = new MessageStore(sql, state);
  const log = new ConversationLog(sql);
  const outbox = new TurnOutbox(sql);
  const said = { role: "user", senderId: owner, parentId: null, status: "complete" } as const;
  for (let number = 0; number < 120; number++) {
    messages.append({ ...said, content: `${number} “tea” \n ${"ü".repeat(8000)}` }, now);
    log.append("message.created", { number }, now);
  }
  state.setStatus("ended", false, endedAt);
  const { blobs, kept, breaks } = bucket();
  const freezer = () =>
    new Freezer({
      ...{ sql, clientId: "t", id: "c", state, outbox, blobs },
      write: (work) => storage.transactionSync(() => work(now)),
      isHeard: () => isHeard,
      armBy: async () => {},
    });
  return {
    ...{ state, outbox, kept, breaks, freezer, notes: new NoteStore(sql, state, messages) },
    rows: () => archivedTables.map((table) => sql.exec(`SELECT * FROM ${table}`).toArray()),
    pass(ms: number) {
      now += ms;
      return now;
    },
    hear(one: boolean) {
      isHeard = one;
    },
  };
}

type Tested = ReturnType<typeof underTest>;
const withConversation = (work: (tested: Tested) => Promise<void>) =>
  runInDurableObject(objectAt(newPlace()), (_, { storage }) => work(underTest(storage)));

const isEmpty = ({ rows }: Tested) => rows().flat().length === 1;

describe("A conversation that ended long ago", () => {
  it("lies in the archive in parts, and stands in its tables as it was for as long as it is read", () =>
    withConversation(async (tested) => {
      const { freezer, rows, kept, outbox, pass, hear } = tested;
      const before = rows();
      expect(await freezer().archive(endedAt)).toMatchObject({ ok: true, value: { archived: true } });
      expect([freezer().isArchived, isEmpty(tested), outbox.nextAt]).toEqual([true, true, null]);
      expect(kept.size).toBeGreaterThan(1);
      expect(await freezer().archive(endedAt)).toMatchObject({ value: { archived: true } });
      const reading = freezer();
      await Promise.all([reading.thaw(), reading.thaw()]);
      expect(rows()).toEqual(before);
      hear(true);
      reading.freeze();
      expect(rows()).toEqual(before);
      pass(3_600_000);
      hear(false);
      reading.freeze();
      expect([isEmpty(tested), outbox.nextAt]).toEqual([true, null]);
      await freezer().thaw();
      expect(rows()).toEqual(before);
    }));

  it("stays where it is until its time, and while it has something to tell", () =>
    withConversation(async ({ freezer, rows, outbox, kept }) => {
      const before = rows();
      expect(await freezer().archive(endedAt - 1)).toMatchObject({ value: { archived: false } });
      outbox.tellLists(1);
      expect(await freezer().archive(endedAt)).toMatchObject({ value: { archived: false } });
      expect([rows(), kept.size, freezer().isArchived]).toEqual([before, 0, false]);
    }));

  it.each(["put", "get"] as const)("is whole whenever a %s of the archive is the last that happens", (at) =>
    withConversation(async (tested) => {
      const { freezer, rows, breaks } = tested;
      const before = rows();
      let failed = 0;
      const once = (operation: string, key: string) => {
        if (operation !== at || !key.endsWith("/1.ndjson") || failed++ > 0) return;
        throw new Error("killed");
      };
      breaks(once);
      await expect(freezer().archive(endedAt)).rejects.toThrow("killed");
      expect([freezer().isArchived, rows()]).toEqual([false, before]);
      expect(await freezer().archive(endedAt)).toMatchObject({ value: { archived: true } });
      failed = 0;
      breaks(once);
      const reading = freezer();
      if (at === "get") await expect(reading.thaw()).rejects.toThrow("killed");
      // Another instance finds what that one has left.
      await freezer().thaw();
      expect(rows()).toEqual(before);
    }),
  );

  it("that goes on while it is being written is not emptied", () =>
    withConversation(async ({ freezer, rows, state, breaks }) => {
      const before = rows();
      breaks((operation) => operation === "put" && state.touch());
      expect(await freezer().archive(endedAt)).toMatchObject({ value: { archived: false } });
      expect([freezer().isArchived, rows()]).toEqual([false, before]);
    }));

  it("of which something is written meanwhile that no list is told of is not emptied of it", () =>
    withConversation(async ({ freezer, rows, notes, breaks }) => {
      let isNoted = false;
      breaks((operation) => {
        if (operation !== "put" || isNoted) return;
        isNoted = true;
        notes.write({ senderId: "staff", clientMessageId: "n-1", content: "Call back" }, 3_000_000);
      });
      expect(await freezer().archive(endedAt)).toMatchObject({ value: { archived: false } });
      const before = rows();
      expect(await freezer().archive(endedAt)).toMatchObject({ value: { archived: true } });
      await freezer().thaw();
      expect(rows()).toEqual(before);
      expect(notes.newest(1)).toMatchObject([{ content: "Call back" }]);
    }));

  it("is whole where it is asked for once more while it is being written", () =>
    withConversation(async ({ freezer, rows, breaks }) => {
      const before = rows();
      const one = freezer();
      const begun: string[] = [];
      const first = Promise.withResolvers<unknown>();
      breaks(async (operation, key) => {
        if (operation === "put" && key.endsWith("/0.ndjson") && begun.push(key) === 2) await first.promise;
      });
      const archiving = one.archive(endedAt);
      const again = one.archive(endedAt);
      first.resolve(await archiving);
      expect(await Promise.all([archiving, again])).toMatchObject(
        Array(2).fill({ value: { archived: true } }),
      );
      await freezer().thaw();
      expect(rows()).toEqual(before);
    }));

  it("is not read back once it is erased meanwhile", () =>
    withConversation(async (tested) => {
      const { freezer, breaks, state } = tested;
      await freezer().archive(endedAt);
      const reading = freezer();
      breaks((operation) => {
        if (operation !== "get" || !state.isThere) return;
        reading.forget();
        state.erase(1);
      });
      await reading.thaw();
      expect(isEmpty(tested)).toBe(true);
    }));
});
