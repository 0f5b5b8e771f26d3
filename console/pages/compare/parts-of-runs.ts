import type { components } from "#client/index.ts";

type RunView = components["schemas"]["Run"];
type RunStep = RunView["steps"][number];

/** A part of two runs that is not the same in both; what one does not have is the empty text. */
export interface DifferingPart {
  name: string;
  before: unknown;
  after: unknown;
}

/** A step as two runs have it. */
export interface StepPair {
  name: string;
  before: RunStep | undefined;
  after: RunStep | undefined;
}

/** The steps of two runs by their names, in the order of the second, then what the first alone has. */
export function stepPairs({ steps: before }: RunView, { steps: after }: RunView): StepPair[] {
  const names = new Set([...after, ...before].map(({ name }) => name));
  const of = (steps: readonly RunStep[], name: string) => steps.find((step) => step.name === name);
  return [...names].map((name) => ({ name, before: of(before, name), after: of(after, name) }));
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");

/** Whether a step gave the same in both runs. */
export const isSameOutput = ({ before, after }: StepPair): boolean => isSame(before?.output, after?.output);

/** What differs between two runs: the input, the plan, what each step gave, the error, the result. */
export function differingParts(before: RunView, after: RunView): DifferingPart[] {
  const parts: DifferingPart[] = [
    { name: "Input", before: before.input, after: after.input },
    { name: "Plan", before: before.plan, after: after.plan },
    ...stepPairs(before, after).map((pair) => ({
      name: `Output of ${pair.name}`,
      before: pair.before?.output,
      after: pair.after?.output,
    })),
    { name: "Error", before: before.error, after: after.error },
    { name: "Result", before: before.result, after: after.result },
  ];
  return parts
    .filter((part) => !isSame(part.before, part.after))
    .map((part) => ({ ...part, before: part.before ?? "", after: part.after ?? "" }));
}
