import { isDeepStrictEqual } from "node:util";
import { isChildTask } from "#src/engine/child-workflow.ts";
import { fuelCost } from "#src/engine/fuel.ts";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import { isAsked, type RunState, type TaskState, type TaskStatus } from "#src/engine/run-state.ts";
import { brokenByAttempts } from "./attempt-rules.ts";
import { isOut, stored, taskEnds } from "./run-facts.ts";

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

export function* brokenByTask(
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
  const isRefused = earlier && isAsked(earlier) && task.ask?.answer?.approved === false;
  const isPutBack = earlier?.status === "dispatched" && !earlier.ask && isAsked(task);
  const isByAnswer = (isRefused && task.status === "failed") || isPutBack;
  if (!taskEdges[earlier?.status ?? "none"].includes(task.status) && !isByAnswer)
    yield `task ${id}: ${earlier?.status} → ${task.status}`;
  const isSent = task.status === "dispatched" && earlier?.status !== "dispatched";
  const seconds =
    header.plan.steps[task.stepName]?.timeout_seconds ?? (isChildTask(task) ? 30 * 86_400 : 300);
  yield* brokenByAttempts(earlier, task, updatedAt);
  if (isSent && task.deadline !== updatedAt + seconds * 1000) yield `task ${id} is due at ${task.deadline}`;
  if (task.ask && task.ask.answer?.approved !== true && isOut(task))
    yield `task ${id} is out before a person has allowed it`;
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
