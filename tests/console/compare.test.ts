import { describe, expect, it } from "vitest";
import type { components } from "#client/index.ts";
import { differingParts, stepPairs } from "#console/pages/compare/parts-of-runs.ts";

type RunView = components["schemas"]["Run"];
type RunStep = RunView["steps"][number];

const step = (name: string, output: unknown): RunStep => ({
  name,
  action: "run",
  status: "completed",
  attempts: 1,
  started_at: null,
  completed_at: null,
  fuel: 1,
  tokens: { input: 0, output: 0 },
  output,
  error: null,
});

const run = (over: Partial<RunView>): RunView => ({
  correlation_id: "run",
  instance_id: null,
  status: "completed",
  current_step: null,
  steps: [],
  data: {},
  fuel: { budget: 1, reserved: 0, spent: 0 },
  error: null,
  created_at: "2026-11-28T10:00:00.000Z",
  updated_at: "2026-11-28T10:00:00.000Z",
  completed_at: null,
  ...over,
});

describe("Two runs", () => {
  it("are laid over each other by the names of their steps", () => {
    const before = run({ steps: [step("write", 1), step("draw", 2)] });
    const after = run({ steps: [step("search", 3), step("write", 1)] });
    expect(
      stepPairs(before, after).map(({ name, before: a, after: b }) => [name, a?.output, b?.output]),
    ).toEqual([
      ["search", undefined, 3],
      ["write", 1, 1],
      ["draw", 2, undefined],
    ]);
  });

  it("differ where a part is not the same in both, and nowhere else", () => {
    const before = run({
      input: { topic: "tea" },
      steps: [step("write", "A"), step("draw", "B")],
      result: "A",
    });
    const after = run({
      input: { topic: "tea" },
      steps: [step("write", "C"), step("draw", "B")],
      result: "C",
    });
    expect(differingParts(before, after)).toEqual([
      { name: "Output of write", before: "A", after: "C" },
      { name: "Result", before: "A", after: "C" },
    ]);
    expect(differingParts(before, before)).toEqual([]);
  });
});
