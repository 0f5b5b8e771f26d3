import { expect, it } from "vitest";
import { plan } from "../../support/plans.ts";
import { costsOfRun } from "../../support/run-costs.ts";

const write = (next_step?: string) => ({
  action: "ai_text_generate",
  input: { prompt: "About {{input.topic}}" },
  ...(next_step && { next_step }),
});

const threeTexts = plan("one", { one: write("two"), two: write("three"), three: write() });

/** What has been reached; the goal is 60 rows, 30 calls and 15 operations. */
const budget = { rowsWritten: 78, calls: 8, queueOperations: 9, statements: 66 };

it("A run of three texts costs its tenant's object few rows, statements, calls and messages", async () => {
  const { byStatement, ...costs } = await costsOfRun("run_costs", threeTexts, async () => ({
    output: { text: "Tea!" },
  }));
  const excess = Object.entries(costs).filter(([what, count]) => count > Reflect.get(budget, what));
  expect(excess, JSON.stringify(byStatement, null, 1)).toEqual([]);
});
