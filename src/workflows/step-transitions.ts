import { evaluate } from "@marcbachmann/cel-js";
import { actionOf, actionOfSubTask, topicOfStep } from "./actions.ts";
import { holds, renderObject, type Scope, scopeOf } from "./expressions.ts";
import { fuelCost } from "./fuel.ts";
import type { Step } from "./plan.ts";
import type { RunDraft } from "./run-draft.ts";
import type { RunState, StepState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import {
  createTasks,
  dispatchQueued,
  endTasks,
  insufficientFuel,
  type TaskOrder,
} from "./task-transitions.ts";

const mostItems = 1000;

const stepOf = (run: RunState, name: string): Step | undefined => run.header.plan.steps[name];

/** Whether a step has nothing more to do. */
const isOver = ({ status }: StepState): boolean => status !== "running" && status !== "paused";

const expressionError = (name: string, error: unknown): RunError => ({
  code: "WORKFLOW_EXPRESSION",
  message: `Step ${name}: ${error instanceof Error ? error.message : String(error)}`,
  details: { step: name },
});

/** Share of the plan's steps that are over, from 0 to 1. */
const progressOf = (run: RunState): number => {
  const total = Object.keys(run.header.plan.steps).length;
  return total === 0 ? 1 : Object.values(run.steps).filter(isOver).length / total;
};

const announce = (draft: RunDraft, name: string): void => {
  const step = draft.step(name);
  if (!step) return;
  draft.emit("execution.progress", {
    step: name,
    action: step.action,
    status: step.status,
    progress: progressOf(draft.run),
    fuel: draft.run.fuel,
    ...(step.error ? { error: step.error } : {}),
  });
};

/** Begins a step unless it has begun already or still waits for a dependency. */
export function activate(draft: RunDraft, name: string): undefined {
  const step = stepOf(draft.run, name);
  if (!step || draft.step(name) || !isRunning(draft)) return;
  if (!(step.dependencies ?? []).every((dependency) => draft.step(dependency)?.passed)) return;
  begin(draft, name, step);
}

function begin(draft: RunDraft, name: string, step: Step): undefined {
  const action = actionOf(step.action);
  draft.putStep({
    name,
    action,
    status: "running",
    passed: false,
    order: Object.keys(draft.run.steps).length,
    startedAt: draft.now,
    completedAt: null,
    output: null,
    error: null,
    deadline: null,
  });
  const scope = scopeOf(draft.run);
  try {
    if (step.when !== undefined && !holds(step.when, scope))
      return settle(draft, name, { status: "skipped", passed: true });
    switch (action) {
      case "complete_workflow":
        return complete(draft, name, step, scope);
      case "pause_for_human_input":
        return pause(draft, name, step, scope);
      default:
        return work(draft, name, ordersOf(draft.run, step, scope), step);
    }
  } catch (error) {
    failStep(draft, name, expressionError(name, error));
  }
}

function complete(draft: RunDraft, name: string, step: Step, scope: Scope): undefined {
  const result = step.input ? renderObject(step.input, scope) : outputsOf(draft.run);
  if (draft.run.undoing) return settle(draft, name, { status: "completed", passed: true, output: result });
  draft.changeStep(name, { status: "completed", passed: true, completedAt: draft.now, output: result });
  announce(draft, name);
  endRun(draft, "completed", { result });
}

function pause(draft: RunDraft, name: string, step: Step, scope: Scope): undefined {
  const review = step.input ? renderObject(step.input, scope) : outputsOf(draft.run);
  const deadline = step.timeout_seconds === undefined ? null : draft.now + step.timeout_seconds * 1000;
  draft.changeStep(name, { status: "paused", deadline, output: { review } });
  draft.change({ status: "paused" });
  draft.emit("execution.paused", {
    code: "WORKFLOW_PAUSED_FOR_APPROVAL",
    step: name,
    description: step.description,
    data: review,
    fuel: draft.run.fuel,
  });
}

/** Outputs of all completed steps by name: the data for review, and the result unless the plan names one. */
const outputsOf = (run: RunState): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(run.steps)
      .filter(({ status, output }) => status === "completed" && output !== null)
      .map(({ name, output }) => [name, output]),
  );

/** Without `input`, a task gets the run's input and what the steps before have put out. */
const inputOf = (run: RunState, template: Record<string, unknown> | undefined, scope: Scope) =>
  template ? renderObject(template, scope) : { ...run.header.input, context: outputsOf(run) };

/** The tasks a step wants done. */
function ordersOf(run: RunState, step: Step, scope: Scope): TaskOrder[] {
  const action = actionOf(step.action);
  if (action === "fan_out") {
    return (step.sub_tasks ?? []).map((task) => ({
      key: task.step_name,
      action: actionOfSubTask(task),
      topic: task.topic,
      input: inputOf(run, task.input ?? step.input, scope),
    }));
  }
  const topic = topicOfStep(step, run.header.config) ?? "";
  if (step.for_each === undefined)
    return [{ key: "main", action, topic, input: inputOf(run, step.input, scope) }];
  const items: unknown = evaluate(step.for_each, scope);
  if (!Array.isArray(items)) throw new Error("for_each does not give a list");
  if (items.length > mostItems) throw new Error(`for_each gives ${items.length} items; at most ${mostItems}`);
  return items.map((item: unknown, index) => ({
    key: String(index),
    action,
    topic,
    input: step.input
      ? renderObject(step.input, { ...scope, item, index })
      : { ...inputOf(run, undefined, scope), item },
  }));
}

function work(draft: RunDraft, name: string, orders: TaskOrder[], step: Step): undefined {
  announce(draft, name);
  if (actionOf(step.action) === "fan_out") {
    const cost = fuelCost("fan_out", {});
    if (cost > draft.availableFuel)
      return failRun(draft, insufficientFuel(cost, draft.availableFuel, "fan_out"));
    draft.moveFuel({ spent: cost });
  }
  const tooLarge = createTasks(draft, name, orders);
  if (tooLarge) return failStep(draft, name, tooLarge);
  if (orders.length === 0) return joinTasks(draft, name);
  const exhausted = dispatchQueued(draft, name, step);
  if (exhausted) failRun(draft, exhausted);
}

/** Goes on with a step after one of its tasks completed: dispatches the next, or joins. */
export function joinTasks(draft: RunDraft, name: string): undefined {
  const step = stepOf(draft.run, name);
  if (!step) return;
  const exhausted = dispatchQueued(draft, name, step);
  if (exhausted) return failRun(draft, exhausted);
  const tasks = draft.tasksOf(name);
  if (!tasks.every(({ status }) => status === "completed")) return;
  settle(draft, name, { status: "completed", passed: true, output: outputOf(step, tasks) });
}

function outputOf(step: Step, tasks: { key: string; output: Record<string, unknown> | null }[]): unknown {
  if (actionOf(step.action) === "fan_out")
    return Object.fromEntries(tasks.map(({ key, output }) => [key, output]));
  if (step.for_each !== undefined) {
    return [...tasks].sort((a, b) => Number(a.key) - Number(b.key)).map(({ output }) => output);
  }
  return tasks[0]?.output ?? null;
}

/** Ends a step and begins what comes after it. */
export function settle(
  draft: RunDraft,
  name: string,
  change: Pick<StepState, "status" | "passed"> & { output?: unknown; error?: RunError },
): undefined {
  draft.changeStep(name, { ...change, completedAt: draft.now, deadline: null });
  announce(draft, name);
  if (change.status === "completed" && stepOf(draft.run, name)?.store_memory) {
    draft.effects.push({ type: "remember", stepName: name });
  }
  if (draft.run.undoing) return undoNext(draft);
  if (change.passed) {
    const { next_step } = stepOf(draft.run, name) ?? {};
    if (next_step) activate(draft, next_step);
    for (const [later, { dependencies }] of Object.entries(draft.run.header.plan.steps)) {
      if (dependencies?.includes(name) && isRunning(draft)) activate(draft, later);
    }
  }
  endWhenIdle(draft);
}

const isRunning = (draft: RunDraft): boolean =>
  draft.run.status === "running" || draft.run.status === "paused";

/** A run whose steps are all over, without `complete_workflow`, has completed. */
function endWhenIdle(draft: RunDraft): undefined {
  if (!isRunning(draft) || draft.run.undoing) return;
  if (Object.values(draft.run.steps).every(isOver))
    endRun(draft, "completed", { result: outputsOf(draft.run) });
}

/** A step has failed for good: goes on where `on_error` says, or fails the run. */
export function failStep(draft: RunDraft, name: string, error: RunError, taskId?: string): undefined {
  endTasks(draft, name, taskId ? { taskId, error } : undefined);
  const onError = stepOf(draft.run, name)?.on_error;
  if (onError === "continue") return settle(draft, name, { status: "failed", passed: true, error });
  draft.changeStep(name, { status: "failed", error, completedAt: draft.now, deadline: null });
  announce(draft, name);
  if (draft.run.undoing) return undoNext(draft);
  if (onError === undefined) return failRun(draft, error);
  activate(draft, onError);
  endWhenIdle(draft);
}

/** Fails the run, after undoing the completed steps that say how, last one first. */
export function failRun(draft: RunDraft, error: RunError): undefined {
  if (draft.run.undoing) {
    stopSteps(draft);
    return undoNext(draft);
  }
  const remaining = Object.values(draft.run.steps)
    .filter(({ status }) => status === "completed")
    .sort((a, b) => b.order - a.order)
    .flatMap(({ name }) => stepOf(draft.run, name)?.compensate ?? [])
    .filter((name) => !draft.step(name));
  stopSteps(draft);
  draft.change({ status: "running", undoing: { error, remaining } });
  undoNext(draft);
}

function undoNext(draft: RunDraft): undefined {
  const { undoing } = draft.run;
  if (!undoing || Object.values(draft.run.steps).some((step) => !isOver(step))) return;
  const [next, ...remaining] = undoing.remaining;
  if (next === undefined) return endRun(draft, "failed", { error: undoing.error });
  draft.change({ undoing: { ...undoing, remaining } });
  const step = stepOf(draft.run, next);
  if (step && !draft.step(next)) begin(draft, next, step);
  else undoNext(draft);
}

function stopSteps(draft: RunDraft): undefined {
  for (const step of Object.values(draft.run.steps)) {
    if (isOver(step)) continue;
    endTasks(draft, step.name);
    draft.changeStep(step.name, { status: "cancelled", completedAt: draft.now, deadline: null });
  }
}

/** Ends the run; whatever is still out is cancelled and its fuel returns. */
export function endRun(
  draft: RunDraft,
  status: "completed" | "failed" | "cancelled",
  { result = null, error = null }: { result?: unknown; error?: RunError | null },
): undefined {
  stopSteps(draft);
  draft.change({ status, result, error, undoing: null, completedAt: draft.now });
  draft.emit(`execution.${status}`, { status, result, error, fuel: draft.run.fuel });
}
