import { describe, expect, it } from "vitest";
import { billOf, goalDollars, originsOf } from "#bench/cost/bill.ts";
import { type Counts, meters, ofEachRun, statementOf, together } from "#bench/cost/meters.ts";
import { prices } from "#bench/cost/prices.ts";

/** Counts of one run, and what a thousand of them cost. */
const table: readonly [what: string, counts: Counts, dollars: number][] = [
  ["nothing", {}, 0],
  ["60 rows written in objects", { objectRowsWritten: { "update runs": 40, "insert tasks": 20 } }, 0.06],
  ["10 000 rows read", { objectRowsRead: { "select runs": 10_000 } }, 0.01],
  ["20 calls", { objectRequests: { startRun: 20 } }, 0.003],
  ["20 WebSocket messages, which count as one call", { socketMessages: { pong: 20 } }, 0.00015],
  ["an object that is busy for a second: 0.128 GB-s", { objectMilliseconds: { Hub: 1000 } }, 0.0016],
  ["12 kB kept in an object for a month", { objectBytes: { Workflows: 12_000 } }, 0.0024],
  ["8 rows written in D1", { databaseRowsWritten: { "insert runs": 8 } }, 0.008],
  ["1 kB kept in D1 for a month", { databaseBytes: { D1: 1000 } }, 0.00075],
  ["3 messages: 9 operations", { queueOperations: { HIGH: 6, EVENTS: 3 } }, 0.0036],
  ["an object of R2 written", { blobWrites: { put: 1 } }, 0.0045],
  ["an object of R2 read", { blobReads: { get: 1 } }, 0.00036],
  ["a key of KV written", { cacheWrites: { put: 1 } }, 0.005],
  ["a key of KV read", { cacheReads: { get: 1 } }, 0.0005],
  ["3 invocations", { workerRequests: { gateway: 1, agents: 2 } }, 0.0009],
  ["20 ms of CPU", { cpuMilliseconds: { all: 20 } }, 0.0004],
];

describe("A thousand runs cost, at list prices", () => {
  it.each(table)("%s", (_, counts, dollars) => {
    expect(billOf(counts).dollars).toBeCloseTo(dollars, 8);
  });

  it("as much as all of it together", () => {
    const sum = table.reduce((total, [, , dollars]) => total + dollars, 0);
    expect(billOf(together(table.map(([, counts]) => counts))).dollars).toBeCloseTo(sum, 8);
  });
});

it("Every meter has a price", () => {
  expect(Object.keys(prices).sort()).toEqual([...meters].sort());
});

it("The goal is met up to its last cent, and not beyond", () => {
  const written = (rows: number) => billOf({ objectRowsWritten: { all: rows } }).isWithinGoal;
  expect([written(goalDollars * 1000), written(goalDollars * 1000 + 1)]).toEqual([true, false]);
});

it("What a run takes is what the counts have grown by, divided among the runs", () => {
  const before: Counts = { objectRequests: { startRun: 2, alarm: 1 }, cacheReads: { get: 5 } };
  const after: Counts = {
    objectRequests: { startRun: 7, alarm: 11 },
    cacheReads: { get: 5 },
    queueOperations: { HIGH: 15 },
  };
  expect(ofEachRun(5, before, after)).toEqual({
    objectRequests: { startRun: 1, alarm: 2 },
    queueOperations: { HIGH: 3 },
  });
});

it("Where it comes from is told by price, not by number", () => {
  const counts: Counts = { objectRowsRead: { "select runs": 900 }, objectRowsWritten: { "update runs": 1 } };
  expect(originsOf(counts).map(({ origin }) => origin)).toEqual(["update runs", "select runs"]);
});

it.each([
  ["INSERT INTO runs (id, state) VALUES (?, ?)", "insert runs"],
  ["insert into `outbox` select 1", "insert outbox"],
  ["INSERT OR REPLACE INTO tasks VALUES (?)", "insert tasks"],
  ['update "users" set "name" = ?', "update users"],
  ["DELETE FROM steps WHERE run_id = ?", "delete steps"],
  ["SELECT a,\n b FROM events WHERE seq > ?", "select events"],
])("%s is told as %s", (sql, told) => {
  expect(statementOf(sql)).toBe(told);
});
