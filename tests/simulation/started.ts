import { migrate } from "#durable-objects/tenant-workflows/migrate.ts";
import { isChildTask } from "#src/engine/child-workflow.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { isFinished, type RunState, type TaskState } from "#src/engine/run-state.ts";
import { startRequest, usage } from "../support/plans.ts";
import { assemble, type Transition } from "./simulated-parts.ts";
import { SimulatedStorage } from "./simulated-storage.ts";

/** The real parts over a storage of their own, with a run (`run1`, its children `run2` and so on) started in them. */
export function started(outer: Plan, workflows: Record<string, Plan>, fuelBudget = 1000) {
  const storage = new SimulatedStorage();
  migrate(storage);
  const transitions: Transition[] = [];
  let ids = 0;
  const newId = () => `run${++ids}`;
  const parts = assemble(storage, newId, {}, (transition) => transitions.push(transition));
  const definitions = Object.entries(workflows).map(([name, of]) => [
    name,
    { id: name, version: 1, plan: of },
  ]);
  const request = startRequest("tenant", {
    plan: outer,
    workflows: Object.fromEntries(definitions),
    fuelBudget,
  });
  parts.desk.start(request, 0);
  const run = (id: string): RunState => {
    const found = parts.runs.load(id);
    if (!found) throw new Error(`There is no ${id}`);
    return found;
  };
  /** All that have begun: a child whose task ended before its turn has an id and nothing else. */
  const all = () =>
    Array.from({ length: ids }, (_, index) => parts.runs.load(`run${index + 1}`) ?? []).flat();
  return {
    ...parts,
    storage,
    transitions,
    run,
    all,
    /** Tasks that are out, beside those that child runs carry out. */
    out: (): TaskState[] =>
      all()
        .flatMap(({ tasks }) => Object.values(tasks))
        .filter((task) => task.status === "dispatched" && !isChildTask(task)),
    complete: (taskId: string, attempt = 1) =>
      parts.tasks.complete({ taskId, attempt, result: { output: { text: "Tea!" }, usage } }, 1).report,
    fail: (taskId: string, attempt = 1, now = 1) =>
      parts.tasks.fail(taskId, attempt, { error: { code: "BOOM", message: "No", retryable: true } }, now),
    /** Lets time pass in all runs. */
    tick: (now: number) => {
      for (const each of all()) if (!isFinished(each)) parts.desk.tick(run(each.header.id), now);
    },
  };
}
