import { isDeepStrictEqual } from "node:util";
import { isChildTask } from "#src/engine/child-workflow.ts";
import { fuelCost } from "#src/engine/fuel.ts";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import type { Step } from "#src/engine/plans/plan.ts";
import {
  isFinished,
  type RunState,
  type StepState,
  type TaskState,
  type TaskStatus,
} from "#src/engine/run-state.ts";
import type { RunStatus, StepStatus } from "#src/engine/run-view.ts";
import { nextWake } from "#src/engine/tick.ts";
import type { Transition } from "./simulated-object.ts";

const runEdges: Record<RunStatus, readonly RunStatus[]> = {
  pending: ["running", "paused", "completed", "failed", "cancelled"],
  running: ["running", "paused", "completed", "failed", "cancelled"],
  paused: ["running", "paused", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

const stepEnds: readonly StepStatus[] = ["completed", "failed", "skipped", "cancelled"];
const taskEnds: readonly TaskStatus[] = ["completed", "failed", "cancelled"];

/** Where a task may be after one event, by where it was. */
const taskEdges: Record<TaskStatus | "none", readonly TaskStatus[]> = {
  none: ["queued", "dispatched", "failed", "cancelled"],
  queued: ["queued", "dispatched", "cancelled"],
  dispatched: ["dispatched", "waiting", "completed", "failed", "cancelled"],
  waiting: ["waiting", "dispatched", "cancelled"],
  completed: ["completed"],
  failed: ["failed"],
  cancelled: ["cancelled"],
};

export const isOut = ({ status }: TaskState): boolean => status === "dispatched" || status === "waiting";

/** What SQLite would give back of a value. */
export const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Fuel that a run's steps have used by themselves. */
export const ownFuel = (run: RunState): number => sum(Object.values(run.steps).map(({ fuel }) => fuel));

/** Every rule that one event of a run has broken. */
export function* brokenRules({ before, after, untaken }: Transition): Generator<string> {
  if (isFinished(before)) yield "an ended run has moved";
  if (!runEdges[before.status].includes(after.status)) yield `run: ${before.status} → ${after.status}`;
  if (after.revision !== before.revision + 1) yield `revision ${before.revision} → ${after.revision}`;
  if (before.header !== after.header) yield "the header has changed";
  if (nextWake(after) !== wakeOf(after)) yield `wakes at ${nextWake(after)}, not at ${wakeOf(after)}`;
  if (!hasChanged(before, after)) yield "an event that changed nothing was counted";
  yield* brokenByFuel(before, after);
  for (const name of Object.keys(before.steps)) if (!after.steps[name]) yield `step ${name} is gone`;
  for (const step of Object.values(after.steps)) yield* brokenByStep(before, after, step);
  for (const id of Object.keys(before.tasks)) if (!after.tasks[id]) yield `task ${id} is gone`;
  for (const task of Object.values(after.tasks)) yield* brokenByTask(before, after, task, untaken);
  if (isFinished(after)) yield* brokenByEnd(after);
  else yield* brokenByGoingOn(after);
}

/** Whether anything but the revision and the time of a run has changed. */
const hasChanged = (before: RunState, after: RunState): boolean =>
  before.status !== after.status ||
  before.undoing !== after.undoing ||
  before.extra !== after.extra ||
  Object.values(after.steps).some((step) => before.steps[step.name] !== step) ||
  Object.values(after.tasks).some((task) => before.tasks[task.id] !== task);

/** The first moment at which time alone must move a run. */
function wakeOf(run: RunState): number | null {
  const { steps, tasks } = run;
  const times = [
    ...Object.values(tasks).flatMap(({ status, notBefore }) => (status === "waiting" ? [notBefore] : [])),
    ...Object.values(tasks).flatMap(({ status, deadline }) => (status === "dispatched" ? [deadline] : [])),
    ...Object.values(steps).flatMap(({ status, deadline }) => (status === "paused" ? (deadline ?? []) : [])),
  ];
  return isFinished(run) || times.length === 0 ? null : Math.min(...times);
}

function* brokenByFuel(before: RunState, after: RunState): Generator<string> {
  const { budget, reserved, spent } = after.fuel;
  const tasks = Object.values(after.tasks);
  if (budget !== before.fuel.budget) yield "the budget has changed";
  if (Math.min(reserved, spent, ...tasks.map((task) => Math.min(task.fuelReserved, task.fuelSpent))) < 0)
    yield "negative fuel";
  if (reserved + spent > budget) yield `fuel: ${reserved} reserved + ${spent} spent > ${budget}`;
  if (spent < before.fuel.spent) yield "spent fuel has come back";
  const held = sum(tasks.filter(isOut).map((task) => task.fuelReserved));
  if (reserved !== held) yield `fuel: ${reserved} reserved, but tasks hold ${held}`;
  const used = sum(tasks.map((task) => task.fuelSpent)) + ownFuel(after);
  if (spent !== used) yield `fuel: ${spent} spent, but tasks have used ${used}`;
  const bytes = sum(tasks.map(({ output }) => (output === null ? 0 : jsonBytes(output))));
  if (after.dataBytes !== bytes) yield `dataBytes ${after.dataBytes}, but outputs have ${bytes}`;
}

function* brokenByStep(before: RunState, after: RunState, step: StepState): Generator<string> {
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
  if (step.status === "paused" && !isPause && !tasks.some(({ waits }) => waits))
    yield `step ${step.name} is paused for nobody`;
  if (step.status === "running" && tasks.some(({ waits }) => waits)) yield `step ${step.name} hides a pause`;
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
  const lost = tasks.filter((task) => task.status !== "completed");
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

/** Whether the plan has a step begin, as far as the run has come. */
function isDue({ header: { plan }, steps }: RunState, name: string): boolean {
  const { dependencies = [] }: Partial<Step> = plan.steps[name] ?? {};
  const goesTo = (other: string) => steps[other]?.status === "failed" && plan.steps[other]?.on_error === name;
  if (!dependencies.every((dependency) => steps[dependency]?.passed || goesTo(dependency))) return false;
  const isLedTo = Object.keys(plan.steps).some(
    (other) => goesTo(other) || (plan.steps[other]?.next_step === name && steps[other]?.passed),
  );
  return name === plan.start_step || dependencies.length > 0 || isLedTo;
}

function* brokenByTask(
  before: RunState,
  { header, updatedAt }: RunState,
  task: TaskState,
  untaken: ReadonlySet<string>,
): Generator<string> {
  const { id, action, topic, input } = task;
  const price = fuelCost(action, { topic, model: header.config.model, textFuel: header.textFuel, input });
  if (isOut(task) && !isChildTask(task) && task.fuelReserved !== price)
    yield `task ${id} holds ${task.fuelReserved} fuel, and costs ${price}`;
  const earlier = before.tasks[id];
  if (!taskEdges[earlier?.status ?? "none"].includes(task.status))
    yield `task ${id}: ${earlier?.status} → ${task.status}`;
  const isSent = task.status === "dispatched" && earlier?.status !== "dispatched";
  const seconds =
    header.plan.steps[task.stepName]?.timeout_seconds ?? (isChildTask(task) ? 30 * 86_400 : 300);
  if (isSent && task.deadline !== updatedAt + seconds * 1000) yield `task ${id} is due at ${task.deadline}`;
  if (task.output !== null && jsonBytes(task.output) > limits.outputBytes) yield `task ${id} gives too much`;
  if (!earlier) return;
  if (earlier.status === "waiting" && isSent && earlier.notBefore > updatedAt)
    yield `task ${id} did not wait`;
  // A child run may itself have failed for a timeout of one of its own.
  const isTimeout = task.error?.code === "TASK_TIMEOUT" && earlier.error !== task.error && !isChildTask(task);
  if (isTimeout && earlier.deadline > updatedAt) yield `task ${id} was given up before its time`;
  if (isTimeout && untaken.has(id) && updatedAt < earlier.notBefore + 86_400_000)
    yield `task ${id} was given up before its turn`;
  yield* brokenByDeadline(earlier, task, { updatedAt, seconds, isUntaken: untaken.has(id) });
  const ended = taskEnds.includes(earlier.status);
  if (ended && !isDeepStrictEqual(stored(earlier), stored(task)))
    yield `task ${id} has changed after its end`;
  const isRetried = earlier.status === "dispatched" && ["waiting", "cancelled"].includes(task.status);
  if (task.attempt < earlier.attempt || task.attempt > earlier.attempt + (isRetried ? 1 : 0))
    yield `task ${id}: attempt ${earlier.attempt} → ${task.attempt}`;
  if (!isDeepStrictEqual(stored(earlier.input), stored(task.input))) yield `the input of ${id} has changed`;
}

/** Only what moves a deadline may: a deferral, and a turn that comes late or has not come. */
function* brokenByDeadline(
  earlier: TaskState,
  task: TaskState,
  { updatedAt, seconds, isUntaken }: { updatedAt: number; seconds: number; isUntaken: boolean },
): Generator<string> {
  const isSame = earlier.status === "dispatched" && task.status === "dispatched";
  if (!isSame || earlier.deadline === task.deadline || task.deferrals > earlier.deferrals) return;
  const turns = [updatedAt, earlier.notBefore + 86_400_000];
  if (!isUntaken || !turns.includes(task.deadline - seconds * 1000))
    yield `task ${task.id} has been given time until ${task.deadline}`;
}

function* brokenByEnd(run: RunState): Generator<string> {
  if (run.fuel.reserved !== 0) yield `${run.fuel.reserved} fuel reserved after the end`;
  if (run.undoing) yield "still undoing after the end";
  if (run.completedAt === null) yield "ended at no time";
  if ((run.status === "completed") !== (run.error === null))
    yield `${run.status} with error ${run.error?.code}`;
  for (const { name, status } of Object.values(run.steps))
    if (!stepEnds.includes(status)) yield `step ${name} is ${status} after the end`;
  for (const { id, status } of Object.values(run.tasks))
    if (!taskEnds.includes(status)) yield `task ${id} is ${status} after the end`;
  const isDecided = Object.values(run.steps).some(
    ({ action, status }) => action === "complete_workflow" && status === "completed",
  );
  if (run.status !== "completed" || isDecided) return;
  yield* brokenByLoss(run);
  for (const { name, status, passed } of Object.values(run.steps)) {
    const handler = run.header.plan.steps[name]?.on_error;
    if (status === "failed" && !passed && (handler === undefined || !run.steps[handler]))
      yield `completed, although ${name} failed and nothing dealt with that`;
  }
}

/** What may begin has begun when an event is over: nothing would ever begin it later. */
function* brokenByLoss(run: RunState): Generator<string> {
  for (const name of Object.keys(run.header.plan.steps))
    if (!run.steps[name] && isDue(run, name)) yield `${run.status}, and ${name} was left behind`;
}

function* brokenByGoingOn(run: RunState): Generator<string> {
  const open = Object.values(run.steps).filter(({ status }) => !stepEnds.includes(status));
  if (open.length === 0) yield "nothing goes on, and the run has not ended";
  if (run.undoing === null) yield* brokenByLoss(run);
  const isPaused = open.some(({ status }) => status === "paused");
  if (isPaused !== (run.status === "paused")) yield `run is ${run.status}, a step is paused: ${isPaused}`;
}
