import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { ConversationLog, maxKeptEntries } from "#durable-objects/conversation/conversation-log.ts";
import { tableSteps } from "#durable-objects/conversation/tables.ts";
import { newPlace, objectAt } from "../../support/conversations.ts";

const hourMs = 3_600_000;

const withLog = (work: (log: ConversationLog) => void) =>
  runInDurableObject(objectAt(newPlace()), (_, { storage }) => {
    for (const step of tableSteps) storage.sql.exec(step);
    work(new ConversationLog(storage.sql));
  });

const fill = (log: ConversationLog, entries: number, at: number) => {
  for (let number = 0; number < entries; number++) log.append("told", { number }, at);
};

it("The log keeps all of its last hour, beyond 2 000 entries", () =>
  withLog((log) => {
    fill(log, 3000, 0);
    fill(log, 200, hourMs);
    expect(log.read(0, 1)).toMatchObject({ entries: [{ seq: 1 }], isGap: false });
  }));

it("Of what is older its last 2 000 entries are kept, and whoever asks for more is told of a gap", () =>
  withLog((log) => {
    fill(log, 3000, 0);
    fill(log, 200, hourMs + 1);
    expect(log.read(1199, 1)).toMatchObject({ entries: [{ seq: 1201 }], isGap: true });
    expect(log.read(1200, 1)).toMatchObject({ entries: [{ seq: 1201 }], isGap: false });
    expect(log.read(3199, 10).entries).toMatchObject([{ seq: 3200, data: { number: 199 } }]);
    expect(log.read(9999, 10)).toEqual({ entries: [], isGap: false });
  }));

it("No more than 10 000 entries are kept, however young they are", () =>
  withLog((log) => {
    fill(log, maxKeptEntries + 400, 0);
    expect(log.read(0, 1)).toMatchObject({ entries: [{ seq: 401 }], isGap: true });
  }));

it("Its times never fall behind each other, whatever the clock does", () =>
  withLog((log) => {
    for (const now of [50, 20, 60]) log.append("told", {}, now);
    expect(log.read(0, 10).entries.map(({ seq, at }) => [seq, at])).toEqual([
      [1, 50],
      [2, 50],
      [3, 60],
    ]);
  }));
