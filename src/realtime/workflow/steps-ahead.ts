import type { Plan } from "#src/engine/plans/plan.ts";
import { followersIn, leadersIn, type Neighbours } from "#src/engine/plans/plan-graph.ts";
import type { StepStatus } from "#src/engine/run-view.ts";

/** What has become of the steps that have begun. */
export type Begun = ReadonlyMap<string, StepStatus>;

const endings: readonly StepStatus[] = ["completed", "failed", "skipped", "cancelled"];

const isOver = (status: StepStatus): boolean => endings.includes(status);

/** What comes before what in a plan, worked out once. */
export interface Course {
  plan: Plan;
  leaders: Neighbours;
}

export const courseOf = (plan: Plan): Course => ({ plan, leaders: leadersIn(followersIn(plan)) });

/** The steps that have not begun and still can; those that only undo what was done are not among them. */
export function stepsAhead({ plan: { steps, start_step }, leaders }: Course, begun: Begun): Set<string> {
  const known = new Map<string, boolean>();
  const failsInto = (leader: string, name: string) => steps[leader]?.on_error === name;
  const follows = (leader: string, name: string) =>
    steps[leader]?.next_step === name || steps[name]?.dependencies?.includes(leader) === true;
  /** Whether a step has passed, or may have, so that what follows it can begin. */
  const mayPass = (name: string): boolean => {
    const status = begun.get(name);
    if (status === undefined) return canBegin(name);
    if (status === "failed") return steps[name]?.on_error === "continue";
    return status !== "cancelled";
  };
  const mayFail = (name: string): boolean => {
    const status = begun.get(name);
    if (status === undefined) return canBegin(name);
    return status === "failed" || !isOver(status);
  };
  const canBegin = (name: string): boolean => {
    const answer = known.get(name);
    if (answer !== undefined) return answer;
    // Plans have no circles: what leads to itself only would not begin.
    known.set(name, false);
    const can =
      (leaders.get(name) ?? []).some(
        (leader) =>
          (follows(leader, name) && mayPass(leader)) || (failsInto(leader, name) && mayFail(leader)),
      ) ||
      (begun.size === 0 && name === start_step);
    const waits = (steps[name]?.dependencies ?? []).every(
      (one) => mayPass(one) || (failsInto(one, name) && mayFail(one)),
    );
    known.set(name, can && waits);
    return can && waits;
  };
  return new Set(Object.keys(steps).filter((name) => !begun.has(name) && canBegin(name)));
}

/** The steps that are over, as a share of them, of those that go on and of those that can still begin; from 0 to 1. */
export function shareDone(course: Course, begun: Begun): number {
  const over = [...begun.values()].filter(isOver).length;
  const all = begun.size + stepsAhead(course, begun).size;
  return all === 0 ? 0 : over / all;
}
