import type { RunState, StepState } from "#src/engine/run-state.ts";

type Parts = Pick<RunState, "steps" | "tasks">;

/** A step whose output is that of a task holds it no second time. */
interface FoldedStep extends Omit<StepState, "output"> {
  output?: unknown;
  outputOf?: string;
}

/** What a run's row holds: all but its header; of a finished run its steps and tasks as well. */
export type RunBody = Omit<RunState, "header" | keyof Parts> & {
  steps?: Record<string, FoldedStep>;
  tasks?: RunState["tasks"];
};

/** Longest body that a finished run has all in one row, in characters; a row has 2 MB, and one may take three bytes. */
const maxFolded = 640 * 1024;

/** A run as it stands in its row while its steps and tasks have rows of their own. */
export const bodyOf = ({ header, steps, tasks, ...body }: RunState): string => JSON.stringify(body);

/** A finished run with its steps and tasks; undefined for one that is too large for a row. */
export function foldedBody({ header, steps, ...body }: RunState): string | undefined {
  const owners = new Map(
    Object.values(body.tasks).map(({ id, output }) => [output && JSON.stringify(output), id]),
  );
  const fold = (step: StepState): FoldedStep => {
    const outputOf = step.output ? owners.get(JSON.stringify(step.output)) : undefined;
    return outputOf === undefined ? step : { ...step, output: undefined, outputOf };
  };
  const folded = JSON.stringify({ ...body, steps: mapped(steps, fold) });
  return folded.length <= maxFolded ? folded : undefined;
}

/** The steps that a finished run's row holds. */
export const unfoldedSteps = (
  steps: Record<string, FoldedStep>,
  tasks: RunState["tasks"],
): Record<string, StepState> =>
  mapped(steps, ({ outputOf, output = null, ...step }) => ({
    ...step,
    output: outputOf === undefined ? output : (tasks[outputOf]?.output ?? null),
  }));

const mapped = <A, B>(record: Record<string, A>, make: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, make(value)]));
