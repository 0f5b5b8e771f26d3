import { jsonBytes, limits } from "./limits.ts";
import { actionOf } from "./plans/actions.ts";
import type { Step } from "./plans/plan.ts";
import type { RunDraft } from "./run-draft.ts";
import type { RunState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import { isOver } from "./step-news.ts";
import { outputsOf } from "./step-orders.ts";
import { begin, endRun, failRun, isGoingOn, stepOf } from "./step-transitions.ts";

/**
 * Begins what an event has led to, wave after wave: what becomes ready together begins together, in the order of names,
 * and what is over at once leads to the next wave. A step that ends the run waits until nothing else is ready, and
 * only after the last wave is it asked whether anything goes on: so no branch that is over at once ends the run before
 * the others have begun, and the order in which the plan names its steps means nothing.
 */
export function cascade(draft: RunDraft): undefined {
  const ends = new Map<string, Step>();
  while (isGoingOn(draft)) {
    const wave = new Map<string, Step>();
    for (const name of draft.takeLed()) {
      const step = stepOf(draft.run, name);
      if (step && isReady(draft, name, step)) (endsRun(step) ? ends : wave).set(name, step);
    }
    if (wave.size === 0) {
      const [end] = inOrder(ends);
      if (!end) return endWhenIdle(draft);
      ends.delete(end[0]);
      wave.set(...end);
    }
    for (const [name, step] of inOrder(wave)) if (isGoingOn(draft)) begin(draft, name, step);
  }
}

const inOrder = (steps: ReadonlyMap<string, Step>): [string, Step][] =>
  [...steps].sort(([a], [b]) => (a < b ? -1 : 1));

const endsRun = ({ action }: Step): boolean => actionOf(action) === "complete_workflow";

/** A step begins once, and not before all that it depends on has passed, or has failed and goes on with this very step. */
const isReady = ({ run }: RunDraft, name: string, { dependencies = [] }: Step): boolean =>
  !run.steps[name] &&
  dependencies.every((dependency) => {
    const { passed, status } = run.steps[dependency] ?? {};
    return passed || (status === "failed" && stepOf(run, dependency)?.on_error === name);
  });

/** A run whose steps are all over, without `complete_workflow`, has completed. */
function endWhenIdle(draft: RunDraft): undefined {
  if (!Object.values(draft.run.steps).every(isOver)) return;
  const error = unhandledError(draft.run);
  if (error) return failRun(draft, error);
  const result = outputsOf(draft.run);
  if (jsonBytes(result) <= limits.joinedBytes) return endRun(draft, "completed", { result });
  failRun(draft, {
    code: "PAYLOAD_TOO_LARGE",
    message: "The result is too large; name its parts in the plan",
  });
}

/** Why a step has failed whose `on_error` step never began, because other things it waits for never came: of several, the one that ended first. */
function unhandledError({ steps, header }: RunState): RunError | undefined {
  const lost = Object.values(steps).filter(({ name, status, passed }) => {
    const handler = header.plan.steps[name]?.on_error;
    return status === "failed" && !passed && handler !== undefined && !steps[handler];
  });
  lost.sort((a, b) => (a.ended ?? 0) - (b.ended ?? 0));
  return lost[0]?.error ?? undefined;
}
