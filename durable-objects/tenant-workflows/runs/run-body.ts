import type { RunState } from "#src/engine/run-state.ts";

type Parts = Pick<RunState, "steps" | "tasks">;

/** What a run's row holds: all but its header; of a finished run its steps and tasks as well. */
export type RunBody = Omit<RunState, "header" | keyof Parts> & Partial<Parts>;

/** Longest body that a finished run has all in one row, in characters; a row has 2 MB, and one may take three bytes. */
const maxFolded = 640 * 1024;

/** A run as it stands in its row while its steps and tasks have rows of their own. */
export const bodyOf = ({ header, steps, tasks, ...body }: RunState): string => JSON.stringify(body);

/** A finished run with its steps and tasks; undefined for one that is too large for a row. */
export function foldedBody({ header, ...body }: RunState): string | undefined {
  const folded = JSON.stringify(body);
  return folded.length <= maxFolded ? folded : undefined;
}
