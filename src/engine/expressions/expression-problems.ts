import type { Step } from "../plans/plan.ts";
import { checkExpression, checkTemplate, stepsReadByExpression, stepsReadByTemplate } from "./expressions.ts";

interface Problem {
  path: string;
  message: string;
}

/** How texts in one language are checked, and which steps they read. */
interface Language {
  /** @throws when the text is malformed */
  check(text: string): unknown;
  stepsReadBy(text: string): string[];
}
const liquidOf = (step: Step): Language => {
  const extra = step.for_each === undefined ? [] : ["item", "index"];
  return { check: (text) => checkTemplate(text, extra), stepsReadBy: stepsReadByTemplate };
};
const celGiving = (wanted: "bool" | "list"): Language => ({
  check: (text) => checkExpression(text, wanted),
  stepsReadBy: stepsReadByExpression,
});

/** How deep lists and objects in a step's input may be nested. */
const maxNested = 64;

/**
 * What is wrong with the templates and conditions of a step.
 * @param before names whose output it can read
 */
export function* expressionProblems(step: Step, before: ReadonlySet<string>): Generator<Problem> {
  const inputs = [
    ["input", step.input] as const,
    ...(step.sub_tasks ?? []).map(({ input }, index) => [`sub_tasks.${index}.input`, input] as const),
  ];
  const liquid = liquidOf(step);
  for (const [path, input] of inputs) {
    try {
      for (const template of textsIn(input)) yield* problemsOf(path, template, liquid, before);
    } catch (error) {
      yield { path, message: messageOf(error) };
    }
  }
  for (const [path, wanted] of [
    ["when", "bool"],
    ["for_each", "list"],
  ] as const) {
    const expression = step[path];
    if (expression !== undefined) yield* problemsOf(path, expression, celGiving(wanted), before);
  }
}

function* problemsOf(
  path: string,
  text: string,
  { check, stepsReadBy }: Language,
  before: ReadonlySet<string>,
): Generator<Problem> {
  try {
    check(text);
  } catch (error) {
    yield { path, message: messageOf(error) };
  }
  for (const read of stepsReadBy(text)) {
    if (!before.has(read)) yield { path, message: `Step ${read} cannot have run before` };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws when it is nested too deep */
function textsIn(value: unknown, depth = 0): string[] {
  if (depth > maxNested) throw new Error(`Nested more than ${maxNested} deep`);
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((part) => textsIn(part, depth + 1));
}
