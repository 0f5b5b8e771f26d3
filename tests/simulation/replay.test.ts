import { expect, it } from "vitest";
import { faultKinds } from "./faults.ts";
import { simulate } from "./simulate.ts";

it("the same seed gives the same trace, and another seed another", async () => {
  for (const seed of [3, 4, 5, 6, 7, 8]) {
    const [first, again, other] = [await simulate(seed), await simulate(seed), await simulate(seed + 100)];
    expect(again.trace).toEqual(first.trace);
    expect(other.trace).not.toEqual(first.trace);
  }
});

it("the first worlds meet every fault, and every way in which a run can end", async () => {
  const missing = new Set<string>([
    ...Object.keys(faultKinds),
    ...["completed", "CANCELLED", "TERMINATED", "INSUFFICIENT_FUEL", "TASK_TIMEOUT", "DEAD_LETTER"],
    ...["WORKFLOW_REJECTED", "APPROVAL_TIMEOUT", "WORKFLOW_EXPRESSION", "UPSTREAM_ERROR"],
  ]);
  for (let seed = 1; seed <= 500 && missing.size > 0; seed++) {
    const { faults, runs } = await simulate(seed);
    for (const kind of faults.keys()) missing.delete(kind);
    for (const { status, error } of runs) missing.delete(error?.code ?? status);
  }
  expect([...missing]).toEqual([]);
});
