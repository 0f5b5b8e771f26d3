import { isDeepStrictEqual } from "node:util";
import { isChildTask } from "#src/engine/child-workflow.ts";
import { goesOut, type RunState, type TaskAttempt, type TaskState } from "#src/engine/run-state.ts";
import type { PlatformEvent } from "#src/events/platform-event.ts";
import { askedByConsumers, stored, taskEnds } from "./run-facts.ts";

/** Whether consumers carry it out, and not the object itself. */
const isForConsumers = (task: TaskState): boolean => !isChildTask(task) && !task.action.endsWith("_memory");

/** What a task says of its attempts: each thing is noted by the event that did it, and stays. */
export function* brokenByAttempts(
  earlier: TaskState | undefined,
  task: TaskState,
  now: number,
): Generator<string> {
  const { id, dispatchedAt, claimedAt } = task;
  const wasClaimed = earlier?.attempt === task.attempt && earlier.claimedAt === claimedAt;
  if (goesOut(earlier, task) && dispatchedAt !== now) yield `task ${id} has gone out at ${dispatchedAt}`;
  if (typeof claimedAt === "number" && !wasClaimed) {
    if (claimedAt !== now) yield `task ${id} was claimed at ${claimedAt}`;
    if (task.status !== "dispatched") yield `task ${id} was claimed, and is ${task.status}`;
    if ((dispatchedAt ?? now + 1) > now) yield `task ${id} was claimed before it went out`;
  }
  const hasEnded = taskEnds.includes(task.status) && !taskEnds.includes(earlier?.status ?? "queued");
  if (hasEnded && task.endedAt !== now) yield `task ${id} has ended at ${task.endedAt}`;
  const before = earlier?.attempts ?? [];
  const after = task.attempts ?? [];
  if (hasEnded && task.status === "completed" && isForConsumers(task) && !hasBeenClaimed(earlier))
    yield `task ${id} was done by nobody`;
  if (!isDeepStrictEqual(stored(after.slice(0, before.length)), stored(before)))
    yield `earlier attempts of ${id} have changed`;
  if (after.length !== task.attempt - 1 + task.deferrals)
    yield `task ${id} tells of ${after.length} attempts before ${task.attempt}, ${task.deferrals} times given back`;
  for (const attempt of after.slice(before.length)) yield* brokenByEnd(earlier, attempt, now);
}

const hasBeenClaimed = (task: TaskState | undefined): boolean =>
  typeof task?.claimedAt === "number" ||
  (task?.attempts ?? []).some(({ attempt, claimedAt }) => attempt === task?.attempt && claimedAt !== null);

function* brokenByEnd(
  task: TaskState | undefined,
  { attempt, dispatchedAt, claimedAt, endedAt }: TaskAttempt,
  now: number,
): Generator<string> {
  if (!task) return;
  const was = { attempt: task.attempt, dispatchedAt: task.dispatchedAt, claimedAt: task.claimedAt ?? null };
  if (endedAt !== now || !isDeepStrictEqual(was, { attempt, dispatchedAt, claimedAt }))
    yield `task ${task.id} has a wrong memory of attempt ${attempt}`;
}

/** What may be told of a task after what. What was given back goes out again by itself. */
const edges: Record<string, readonly string[]> = {
  none: ["dispatched"],
  dispatched: ["claimed", "delayed", "completed", "failed", "cancelled"],
  claimed: ["claimed", "delayed", "completed", "failed", "cancelled"],
  delayed: ["dispatched", "claimed", "delayed", "completed", "failed", "cancelled"],
};

/** Where the events of a run tell of its tasks what cannot have happened, or is not how they are. */
export function* brokenByToldTasks(events: readonly PlatformEvent[], run: RunState): Generator<string> {
  const told = new Map<string, { what: string; attempt: unknown }>();
  for (const { event, data } of events) {
    const what = event.replace(/^execution\.task\./, "");
    const id = String(data.task_id);
    if (what === event) continue;
    const before = told.get(id);
    if (!edges[before?.what ?? "none"]?.includes(what))
      yield `${id} is told to be ${what} after ${before?.what}`;
    if (what !== "dispatched" && what !== "cancelled" && data.attempt !== before?.attempt)
      yield `${id} is told to be ${what} in attempt ${data.attempt}, not ${before?.attempt}`;
    told.set(id, { what, attempt: data.attempt });
  }
  for (const { id, status, dispatchedAt, ask, attempts = [] } of Object.values(run.tasks)) {
    // Of what had gone out before a person was asked, the attempt is not remembered.
    const wentOut =
      typeof dispatchedAt === "number" || attempts.length > 0 || ask?.tool === askedByConsumers.tool;
    const what = told.get(id)?.what;
    if (wentOut ? taskEnds.includes(status) && what !== status : what !== undefined)
      yield `${id} is ${status}, and told to be ${what}`;
  }
}

/** Each event tells the revision that its run had come to. */
export function* brokenByRevisions(events: readonly PlatformEvent[], run: RunState): Generator<string> {
  let last = 0;
  for (const { event, data } of events) {
    const { revision } = data;
    if (typeof revision !== "number" || revision < Math.max(1, last) || revision > run.revision)
      yield `${event} of ${run.header.id} tells revision ${revision} after ${last} of ${run.revision}`;
    last = Number(revision);
  }
}
