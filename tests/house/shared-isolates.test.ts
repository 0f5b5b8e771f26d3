import { globSync } from "node:fs";
import { expect, it } from "vitest";
import { alone } from "../support/alone.ts";
import { type SourceFile, sourceFiles } from "./imports.ts";

const isolated = new Set(alone.flatMap((pattern) => globSync(pattern)));
const support = new Map(sourceFiles("tests/support").map((file) => [file.path, file]));

/** What a text fakes beside the date. Without a list it is everything. */
function fakedTimers(text: string): string[] {
  return [...text.matchAll(/useFakeTimers\(([^()]*(?:\([^()]*\)[^()]*)*)\)/g)].flatMap(([, given = ""]) => {
    const named = /toFake: \[([^\]]*)\]/.exec(given)?.[1];
    return named === undefined ? ["everything"] : named.split(/,\s*/).filter((name) => name !== '"Date"');
  });
}

/** What is faked by a file or by what it uses. */
const fakedBy = (file: SourceFile): string[] => [
  ...fakedTimers(file.text),
  ...file.imports.flatMap(({ target }) => fakedTimers(support.get(target)?.text ?? "")),
];

it("Only a file that has a workerd to itself makes its own clocks: others would set timers that it calls, as an object that is not theirs", () => {
  const files = sourceFiles("tests/unit", "tests/faults");
  expect(files.filter((file) => isolated.has(file.path)).flatMap(fakedBy)).toContain("everything");
  const faking = files.filter((file) => !isolated.has(file.path) && fakedBy(file).length > 0);
  expect(faking.map((file) => file.path)).toEqual([]);
});
