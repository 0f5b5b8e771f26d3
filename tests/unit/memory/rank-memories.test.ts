import fc from "fast-check";
import { expect, it } from "vitest";
import { type Candidate, rankMemories } from "#src/memory/rank-memories.ts";

const day = 86_400_000;
const now = 1000 * day;

const candidate = (id: number, text: number | null, meaning: number | null, daysOld = 0): Candidate => ({
  memory: {
    id,
    instanceId: "i",
    owner: "owner",
    type: "note",
    content: "",
    metadata: {},
    createdAt: now - daysOld * day,
    uses: 0,
    usedAt: 0,
  },
  text,
  meaning,
});

const order = (...candidates: Candidate[]) => rankMemories(candidates, now).map(({ id }) => id);

it.each<[string, Candidate[], number[]]>([
  ["by text alone", [candidate(1, 1, null), candidate(2, 3, null), candidate(3, 2, null)], [2, 3, 1]],
  ["by meaning alone", [candidate(1, null, 0.4), candidate(2, null, 0.9)], [2, 1]],
  [
    "by both before either",
    [candidate(1, 2, 0.8), candidate(2, 2, null), candidate(3, null, 0.8)],
    [1, 3, 2],
  ],
  ["the newer of two that fit alike", [candidate(1, 1, null, 60), candidate(2, 1, null, 1)], [2, 1]],
  ["what fits much better, though older", [candidate(1, 5, null, 300), candidate(2, 1, null, 0)], [1, 2]],
  ["the younger id when nothing else differs", [candidate(1, 1, null), candidate(2, 1, null)], [2, 1]],
  ["nothing of nothing", [], []],
])("Memories are put in order: %s", (_, candidates, expected) => {
  expect(order(...candidates)).toEqual(expected);
});

it("Recency halves in thirty days and makes a fifth of the score", () => {
  const scores = rankMemories([candidate(1, 1, null, 30), candidate(2, 1, null, 0)], now).map(
    ({ score }) => score,
  );
  expect(scores).toEqual([1, 0.9]);
});

it("Scores are between 0 and 1, in falling order, whatever is found", () => {
  const found = fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: null });
  const similarity = fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: null });
  const some = fc.array(fc.tuple(found, similarity, fc.integer({ min: -5, max: 5000 })));
  fc.assert(
    fc.property(some, (all) => {
      const scores = rankMemories(
        all.map(([text, meaning, age], id) => candidate(id, text, meaning, age)),
        now,
      ).map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      for (const score of scores) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1.000001);
      }
    }),
  );
});
