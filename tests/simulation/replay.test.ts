import { expect, it } from "vitest";
import type { FaultKind } from "./faults.ts";
import { faultKinds } from "./faults.ts";
import { simulate } from "./simulate.ts";

it("the same seed gives the same trace, and another seed another", async () => {
  for (const seed of [3, 4, 5, 6, 7, 8]) {
    const [first, again, other] = [await simulate(seed), await simulate(seed), await simulate(seed + 100)];
    expect(again.trace).toEqual(first.trace);
    expect(other.trace).not.toEqual(first.trace);
  }
});

it("worlds meet every fault and every way a run can end", async () => {
  const faults = new Set<FaultKind>();
  const ends = new Set<string>();
  for (let seed = 1; seed <= 120; seed++) {
    const report = await simulate(seed);
    for (const kind of report.faults.keys()) faults.add(kind);
    for (const { status, error } of report.runs) ends.add(error?.code ?? status);
  }
  expect([...faults].sort()).toEqual(Object.keys(faultKinds).sort());
  const expected = [
    "completed",
    "CANCELLED",
    "TERMINATED",
    "INSUFFICIENT_FUEL",
    "TASK_TIMEOUT",
    "DEAD_LETTER",
  ];
  expect(expected.filter((end) => !ends.has(end))).toEqual([]);
});
