import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { isChildTask } from "#src/engine/child-workflow.ts";
import { estimateFuel } from "#src/engine/plans/fuel-estimate.ts";
import { isFinished, type RunState } from "#src/engine/run-state.ts";
import { eventProblem } from "#src/kernel/event-catalogue.ts";
import { copyOf, viewOf } from "#src/objects/run-projection.ts";
import { unexplained } from "./history.ts";
import { isOut, ownFuel, stored } from "./run-facts.ts";
import { retentionMs } from "./simulated-parts.ts";
import { brokenUsageDays } from "./usage-rules.ts";
import type { World } from "./world.ts";

const treeOf = (root: string, runs: ReadonlyMap<string, RunState>): RunState[] =>
  [...runs.values()].filter(({ header }) => header.id === root || header.parent?.rootId === root);

/** Fuel that the work of a run and its children has really used, and holds. */
function realFuel(tree: readonly RunState[]): { spent: number; held: number } {
  let [spent, held] = [0, 0];
  for (const run of tree) {
    spent += ownFuel(run);
    for (const task of Object.values(run.tasks)) {
      if (isChildTask(task)) continue;
      spent += task.fuelSpent;
      if (isOut(task)) held += task.fuelReserved;
    }
  }
  return { spent, held };
}

/** Rules that a run keeps together with its children, after every call. */
export function* brokenInTree(rootId: string, runs: ReadonlyMap<string, RunState>): Generator<string> {
  const root = runs.get(rootId);
  if (!root) return;
  const tree = treeOf(rootId, runs);
  const { spent, held } = realFuel(tree);
  const { budget } = root.fuel;
  if (spent + held > budget) yield `${rootId}: ${spent} spent + ${held} held by its tree > ${budget}`;
  if (root.fuel.reserved !== held) yield `${rootId} holds ${root.fuel.reserved}, but its tree ${held}`;
  if (root.fuel.spent !== spent) yield `${rootId}: ${root.fuel.spent} spent, but its tree has used ${spent}`;
  for (const { header, status } of tree) {
    const parent = header.parent && runs.get(header.parent.runId);
    const task = header.parent && parent?.tasks[header.parent.taskId];
    const isWanted = task?.status === "dispatched" && task.attempt === header.parent?.attempt;
    if (parent && isFinished({ status }) === isWanted)
      yield `${header.id} is ${status}, the task it carries out ${task?.status} in attempt ${task?.attempt}`;
  }
}

/** A report of open tasks counts for five minutes after the next look, and clocks are put on by at most ten. */
const reportEndsMs = 960_000;

/** Rules that hold when everything is over. */
export function* brokenAtEnd(world: World): Generator<string> {
  const { object, runs, history, readModels, clock } = world;
  const { storage } = object;
  const left = (what: string, query: string) => {
    const rows = storage.read(query);
    return rows.length > 0 ? [`${what}: ${JSON.stringify(rows.slice(0, 3))}`] : [];
  };
  yield* left("tasks still out", "SELECT id, send_at FROM tasks WHERE send_at IS NOT NULL");
  yield* left("leases still held", "SELECT id FROM tasks WHERE claimed_until IS NOT NULL");
  yield* left("runs still to wake", "SELECT id FROM runs WHERE wake_at IS NOT NULL");
  yield* left("copies never sent", "SELECT key FROM copies");
  // One that took a report back may have been lost: then it counts until its time is over, by a clock that may have jumped.
  const believed = readModels.openTasks(clock.call(world) + reportEndsMs);
  if (Object.keys(believed).length > 0)
    yield `the read model believes in open tasks: ${JSON.stringify(believed)}`;
  const [{ latest } = {}] = storage.read("SELECT max(last_seq) AS latest FROM event_blocks");
  if (history.events.length !== latest)
    yield `${latest} events, of which ${history.events.length} were published`;
  if (storage.alarm !== null && storage.alarm < clock.call(world) + retentionMs / 2)
    yield `the alarm is still set, for ${storage.alarm - clock.call(world)} ms from now`;
  for (const { event, data } of history.events) {
    const problem = eventProblem(event, data);
    if (problem) yield `${event} is unlike the catalogue: ${problem}`;
  }
  for (const run of runs.values()) {
    const copy = readModels.copies.get(run.header.id);
    if (run.header.parent === null && !isDeepStrictEqual(stored(copy), stored(copyOf(run))))
      yield `the read model has another ${run.header.id}: ${JSON.stringify(copy)}`;
    yield* unexplained(history.events, run);
    const { most } = estimateFuel(run.header.plan, run.header);
    if (most !== null && run.fuel.spent > most)
      yield `${run.header.id} has spent ${run.fuel.spent}, and its plan cannot use more than ${most}`;
    const shown = viewOf(run).steps.reduce((sum, step) => sum + step.fuel, 0);
    if (shown !== run.fuel.spent)
      yield `the steps of ${run.header.id} show ${shown} of ${run.fuel.spent} fuel`;
  }
  yield* brokenUsage(world);
  yield* brokenUsageDays(world);
}

const attemptSchema = z.object({
  id: z.string(),
  correlation_id: z.string(),
  fuel: z.number(),
  tokens_in: z.number(),
  success: z.number(),
});

/** Every finished attempt is counted once, and all of them together are what the runs have spent. */
function* brokenUsage({ runs, readModels, object }: World): Generator<string> {
  const attempts = z.array(attemptSchema).parse(object.storage.read("SELECT * FROM attempts"));
  for (const root of runs.values()) {
    if (root.header.parent !== null) continue;
    const rows = attempts.filter((row) => row.correlation_id === root.header.id);
    const counts = Object.values(readModels.copies.get(root.header.id)?.attempts ?? {});
    const counted = counts.reduce((sum, { finished }) => sum + finished, 0);
    if (counted !== rows.length) yield `${root.header.id} counts ${counted} attempts, not ${rows.length}`;
    const tasks = treeOf(root.header.id, runs).flatMap((run) => Object.values(run.tasks));
    const own = tasks.filter((task) => !isChildTask(task));
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const told = sum(rows.map(({ fuel }) => fuel));
    const used = sum(own.map(({ fuelSpent }) => fuelSpent));
    if (told !== used) yield `usage of ${root.header.id} tells of ${told} fuel; its tasks have used ${used}`;
    const tokens = sum(rows.map(({ tokens_in }) => tokens_in));
    const taken = sum(own.map(({ tokensIn }) => tokensIn));
    if (tokens !== taken) yield `usage of ${root.header.id} tells of ${tokens} tokens, not ${taken}`;
    for (const { id, status, attempt } of own) {
      const ofTask = rows.filter((row) => row.id.startsWith(`${id}:`));
      const successes = ofTask.filter(({ success }) => success === 1).length;
      if (successes !== (status === "completed" ? 1 : 0))
        yield `${id} is ${status}, counted ${successes} times`;
      if (ofTask.length > attempt) yield `${id} counted ${ofTask.length} times in ${attempt} attempts`;
    }
  }
}
