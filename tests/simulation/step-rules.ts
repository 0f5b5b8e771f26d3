import { isDeepStrictEqual } from "node:util";
import { isAsked, isFinished, type RunState, type StepState, type TaskState } from "#src/engine/run-state.ts";
import { brokenByRounds } from "./loop-rules.ts";
import { isDue, isOut, stepEnds, stored, taskEnds } from "./run-facts.ts";

export function* brokenByStep(before: RunState, after: RunState, step: StepState): Generator<string> {
  const earlier = before.steps[step.name];
  if (earlier && stepEnds.includes(earlier.status) && !isDeepStrictEqual(stored(earlier), stored(step)))
    yield `step ${step.name} has changed after its end`;
  if (earlier && earlier.order !== step.order) yield `step ${step.name} has begun twice`;
  if (!earlier && !mayBegin(after, step)) yield `step ${step.name} has begun too early`;
  if (!earlier && before.undoing !== null) yield* brokenByUndoing(after, step);
  const tasks = Object.values(after.tasks).filter(({ stepName }) => stepName === step.name);
  const most = after.header.plan.steps[step.name]?.max_parallel ?? 50;
  if (tasks.filter(isOut).length > most) yield `step ${step.name} has more than ${most} tasks out`;
  const isPause = step.action === "pause_for_human_input";
  if ((isPause || step.action === "complete_workflow") && tasks.length > 0)
    yield `step ${step.name} has tasks`;
  const waits = tasks.some((task) => task.waits || isAsked(task));
  if (step.status === "paused" && !isPause && !waits) yield `step ${step.name} is paused for nobody`;
  if (step.status === "running" && waits) yield `step ${step.name} hides a pause`;
  if (tasks.some(({ key }) => key === "m0")) yield* brokenByRounds(after, step, tasks);
  const isOver = stepEnds.includes(step.status);
  if (isOver !== (step.ended !== null && step.completedAt !== null)) yield `step ${step.name} has no end`;
  if (
    earlier?.status === "paused" &&
    isOver &&
    (earlier.deadline ?? Number.POSITIVE_INFINITY) > after.updatedAt
  ) {
    const isGivenUp = step.error?.code === "APPROVAL_TIMEOUT" || isAnsweredByNobody(step);
    if (isPause && isGivenUp) yield `step ${step.name} has given up waiting too early`;
  }
  const goesOn = after.header.plan.steps[step.name]?.on_error === "continue";
  if (step.status === "failed" && after.status === "completed" && goesOn && !step.passed)
    yield `step ${step.name} has not passed, although its failure is to be ignored`;
  if (step.passed && !isOver) yield `step ${step.name} has passed before its end`;
  if (isOver && tasks.some(({ status }) => !taskEnds.includes(status)))
    yield `step ${step.name} has ended before its tasks`;
  if (isOver) yield* brokenByTasksOf(after, step, tasks);
  if (step.status === "running" && tasks.length > 0 && !tasks.some(isOut))
    yield `step ${step.name} has nothing out`;
}

/** What does not go through fails its step, or only itself where the plan says so. */
function* brokenByTasksOf(
  { header }: RunState,
  step: StepState,
  tasks: readonly TaskState[],
): Generator<string> {
  const { name, status, output, error, errors = [] } = step;
  const { on_error, for_each, action } = header.plan.steps[name] ?? {};
  const spares = on_error === "continue" && (for_each !== undefined || action === "fan_out");
  // A call of a tool may come to nothing: the model is told.
  const lost = tasks.filter(({ status, key }) => status !== "completed" && !/^t\d+\.\d+$/.test(key));
  if (!spares) {
    if (errors.length > 0) yield `step ${name} has errors of tasks, and none may fail by itself`;
    if (status === "completed" && lost.length > 0) yield `step ${name} has completed without its tasks`;
    return;
  }
  const isStopped =
    status === "cancelled" || error?.code === "PAYLOAD_TOO_LARGE" || error?.code === "INSUFFICIENT_FUEL";
  if (isStopped) return;
  if (lost.some((task) => task.status === "cancelled"))
    yield `step ${name} has given up tasks for one that failed`;
  const told = errors.map((each) => each.name ?? String(each.index));
  if (
    tasks.length > 0 &&
    !isDeepStrictEqual(
      told,
      lost.map(({ key }) => key),
    )
  )
    yield `step ${name} tells of the errors of ${told}, and lost ${lost.map(({ key }) => key)}`;
  if (lost.length > 0 && (status === "completed") !== lost.length < tasks.length)
    yield `step ${name} is ${status} with ${lost.length} of ${tasks.length} tasks lost`;
  const places: unknown[] = Object.values(output ?? {});
  if (lost.length > 0 && places.filter((place) => place === null).length !== lost.length)
    yield `step ${name} has not ${lost.length} empty places`;
}

const isAnsweredByNobody = ({ output }: StepState): boolean =>
  typeof output === "object" && output !== null && "answered_by" in output && output.answered_by === null;

/** What completed last is undone first; what undoes is not itself undone. */
function* brokenByUndoing(run: RunState, { name, order }: StepState): Generator<string> {
  const { steps } = run.header.plan;
  const undoing = new Set(Object.values(steps).flatMap(({ compensate }) => compensate ?? []));
  const undone = Object.values(run.steps).filter(
    (step) =>
      step.status === "completed" &&
      step.order < order &&
      steps[step.name]?.compensate !== undefined &&
      !undoing.has(step.name),
  );
  if (!undone.some((step) => steps[step.name]?.compensate === name)) return;
  const own = Math.max(
    ...undone.map((step) => (steps[step.name]?.compensate === name ? (step.ended ?? 0) : -1)),
  );
  for (const step of undone) {
    const later = steps[step.name]?.compensate ?? "";
    if ((step.ended ?? 0) > own && !run.steps[later]) yield `${name} undoes something before ${later} has`;
  }
}

/** Whether there is a reason in the plan for a step to have begun. */
function mayBegin(run: RunState, { name }: StepState): boolean {
  const { plan } = run.header;
  const steps = Object.entries(plan.steps);
  const isUndone = steps.some(
    ([other, { compensate }]) => compensate === name && run.steps[other]?.ended != null,
  );
  return (isUndone && (run.undoing !== null || isFinished(run))) || isDue(run, name);
}
