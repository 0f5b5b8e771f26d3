import { readFileSync } from "node:fs";
import { evaluate } from "@marcbachmann/cel-js";
import { describe, expect, it } from "vitest";
import { queueTable } from "#src/tasks/queues.ts";

const page = readFileSync("docs/scaling.md", "utf8");

/** The rows of the table below a heading, without its head. */
const rowsBelow = (heading: string): string[][] =>
  (page.split(`## ${heading}\n`)[1]?.split("\n## ")[0] ?? "")
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );

const inputs = Object.fromEntries(rowsBelow("Inputs").map(([name = "", value]) => [name, Number(value)]));
const computed = rowsBelow("What comes of it");

const numberIn = (cell = "") => Number(cell.replaceAll(" ", ""));

describe("docs/scaling.md adds up:", () => {
  it.each(computed)("%s", (_, formula = "", is = "", limit = "", so = "") => {
    const result = Number(evaluate(formula, inputs));
    // Two figures are told.
    expect(numberIn(is) / result).toBeCloseTo(1, 1);
    if (limit !== "") expect(so.startsWith("**"), so).toBe(result > numberIn(limit));
  });
});

it("Its inputs are no better than what is held by tests and tables", () => {
  const budget = (what: string) =>
    Number(
      new RegExp(`${what}: (\\d+)`).exec(readFileSync("tests/unit/workflows/run-costs.test.ts", "utf8"))?.[1],
    );
  expect(inputs.object_rows).toBeGreaterThanOrEqual(budget("rowsWritten"));
  expect(inputs.tasks_of_batch).toBe(queueTable["agent-tasks-high"].batchSize);
});
