import type { Plan } from "#src/engine/plans/plan.ts";
import type { StepStatus } from "#src/engine/run-view.ts";

/** What has become of the steps that have begun. */
export type Begun = ReadonlyMap<string, StepStatus>;

const endings: readonly StepStatus[] = ["completed", "failed", "skipped", "cancelled"];

const isOver = (status: StepStatus): boolean => endings.includes(status);

/** What comes before a step: nothing else of it is kept, since a hub follows many runs. */
interface Before {
  /** Steps that it comes after when they pass, of whatever of them. */
  leaders: string[];
  /** Steps that it comes after when they fail. */
  failing: string[];
  /** Those of the former that have all to have passed. */
  waitsFor: readonly string[];
  /** Whether it passes when it fails. */
  goesOn: boolean;
}

/** The steps of a plan, by what comes before them. */
export type Course = ReadonlyMap<string, Before>;

export function courseOf({ steps, start_step }: Plan): Course {
  const course = new Map(
    Object.entries(steps).map(([name, { dependencies = [], on_error }]): [string, Before] => [
      name,
      { leaders: [...dependencies], failing: [], waitsFor: dependencies, goesOn: on_error === "continue" },
    ]),
  );
  for (const [name, { next_step = "", on_error = "" }] of Object.entries(steps)) {
    course.get(next_step)?.leaders.push(name);
    course.get(on_error)?.failing.push(name);
  }
  course.get(start_step)?.leaders.push(beginning);
  return course;
}

/** How much there is of a course. */
export const weightOf = (course: Course): number =>
  [...course.values()].reduce((sum, { leaders, failing }) => sum + 10 + leaders.length + failing.length, 0);

/** What the first step comes after: no step has no name. */
const beginning = "";

/** The steps that have not begun and still can; those that only undo what was done are not among them. */
export function stepsAhead(course: Course, begun: Begun): Set<string> {
  const known = new Map([[beginning, begun.size === 0]]);
  const mayPass = (name: string): boolean => {
    const status = begun.get(name);
    if (status === undefined) return canBegin(name);
    if (status === "failed") return course.get(name)?.goesOn === true;
    return status !== "cancelled";
  };
  const mayFail = (name: string): boolean => {
    const status = begun.get(name);
    if (status === undefined) return canBegin(name);
    return status === "failed" || !isOver(status);
  };
  const canBegin = (name: string): boolean => {
    const answer = known.get(name);
    const step = course.get(name);
    if (answer !== undefined || !step) return answer === true;
    // Plans have no circles: what leads to itself only would not begin.
    known.set(name, false);
    const { leaders, failing, waitsFor } = step;
    const can =
      (leaders.some(mayPass) || failing.some(mayFail)) &&
      waitsFor.every((one) => mayPass(one) || (failing.includes(one) && mayFail(one)));
    known.set(name, can);
    return can;
  };
  return new Set([...course.keys()].filter((name) => !begun.has(name) && canBegin(name)));
}

/** The steps that are over, as a share of them, of those that go on and of those that can still begin; from 0 to 1. */
export function shareDone(course: Course, begun: Begun): number {
  const over = [...begun.values()].filter(isOver).length;
  const all = begun.size + stepsAhead(course, begun).size;
  return all === 0 ? 0 : over / all;
}
