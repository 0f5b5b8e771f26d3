import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectivenessOf, learnedFrom, patternOf, useful } from "#src/memory/index.ts";
import type { RankedMemory } from "#src/objects/memory.ts";

const memory = (type: string, score: number, effectiveness?: number): RankedMemory => ({
  id: score * 100,
  instanceId: "i",
  owner: "owner",
  type,
  content: "",
  metadata: effectiveness === undefined ? {} : { effectiveness },
  createdAt: 0,
  uses: 0,
  usedAt: 0,
  score,
});

const output = {
  reasoning_type: "decision",
  reasoning_steps: [{ step: 1, description: "Compare the costs", findings: ["Green is cheaper"] }],
  conclusion: "Green tea",
  confidence: 0.8,
};

describe("A pattern of reasoning", () => {
  it("says what was asked, how it was gone about and concluded, and is as good as it was sure of itself", () => {
    const pattern = patternOf([{ action: "decide", data: { decision: "Which tea?" } }], output);
    expect(pattern?.effectiveness).toBe(0.8);
    expect(JSON.parse(pattern?.content ?? "")).toEqual({
      problem_type: "decision",
      problem: "Which tea?",
      pattern: ["Compare the costs"],
      conclusion: "Green tea",
    });
  });

  it("is made of nothing else: no review, no text", () => {
    expect(patternOf({}, { text: "Tea" })).toBeUndefined();
    expect(patternOf({}, { ...output, confidence: 7 })).toBeUndefined();
    expect(patternOf({}, null)).toBeUndefined();
  });

  it("comes nearer to what has come of it each time, and stays between 0 and 1", () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(part, fc.array(fc.constantFrom(0, 1)), (begin, outcomes) => {
        const end = outcomes.reduce(learnedFrom, begin);
        expect(end).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(1);
      }),
    );
    expect(learnedFrom(0.5, 1)).toBeGreaterThan(0.5);
    expect(learnedFrom(0.5, 0)).toBeLessThan(0.5);
  });

  it("is told to whoever reasons, the better ones first, and those that have misled never", () => {
    const found = [
      memory("reasoning_pattern", 0.9, 0.1),
      memory("reasoning_pattern", 0.8, 0.4),
      memory("note", 0.7),
      memory("reasoning_pattern", 0.75, 1),
    ];
    const told = (reasons: boolean, limit = 10) =>
      useful(found, { reasons, limit }).map(({ type, metadata }) => [type, effectivenessOf(metadata)]);
    expect(told(true)).toEqual([
      ["reasoning_pattern", 1],
      ["note", 0.5],
      ["reasoning_pattern", 0.4],
    ]);
    expect(told(true, 1)).toHaveLength(1);
    expect(told(false)).toEqual([["note", 0.5]]);
  });
});
