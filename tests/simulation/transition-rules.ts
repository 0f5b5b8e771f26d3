import { jsonBytes } from "#src/engine/limits.ts";
import { isAsked, isFinished, type RunState } from "#src/engine/run-state.ts";
import type { RunStatus } from "#src/engine/run-view.ts";
import { nextWake } from "#src/engine/tick.ts";
import { isDue, isOut, ownFuel, stepEnds, sum, taskEnds } from "./run-facts.ts";
import type { Transition } from "./simulated-parts.ts";
import { brokenByStep } from "./step-rules.ts";
import { brokenByTask } from "./task-rules.ts";

const runEdges: Record<RunStatus, readonly RunStatus[]> = {
  pending: ["running", "paused", "completed", "failed", "cancelled"],
  running: ["running", "paused", "completed", "failed", "cancelled"],
  paused: ["running", "paused", "completed", "failed", "cancelled"],
  completed: [],
  failed: [],
  cancelled: [],
};

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
    ...Object.values(tasks).flatMap((task) => (isAsked(task) ? (task.ask?.until ?? []) : [])),
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
