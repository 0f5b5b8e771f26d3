import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { holds, renderObject, type Scope, scopeOf } from "./expressions/expressions.ts";
import { fuelCost } from "./fuel.ts";
import { jsonBytes, limits } from "./limits.ts";
import { agentRemembers, memoryConfigOf } from "./memory-config.ts";
import { actionOf, localActions, topicOfStep } from "./plans/actions.ts";
import type { Step } from "./plans/plan.ts";
import type { RunDraft } from "./run-draft.ts";
import type { RunState, StepState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import { announce, isOver } from "./step-news.ts";
import {
  errorsOf,
  expressionError,
  joinedOutput,
  ordersOf,
  outputsOf,
  sparesOthers,
  type TaskOrder,
} from "./step-orders.ts";
import { createTasks, dispatchQueued, endTasks, failTask, insufficientFuel } from "./task-transitions.ts";
import { hasRounds, loopOf } from "./tool-loop/loop-of-step.ts";
import { askPerson, ordersOfRound } from "./tool-loop/round.ts";
import { isToolCall, nextMove } from "./tool-loop/tool-loop.ts";
import { agentTypeOfTopic } from "./topics.ts";
import { waitingForEvent } from "./waiting.ts";
import { tooLarge, weighed } from "./weigh-orders.ts";

export const stepOf = ({ header: { plan } }: RunState, name: string): Step | undefined =>
  Object.hasOwn(plan.steps, name) ? plan.steps[name] : undefined;

/** Begins a step, which may be over at once. */
export function begin(draft: RunDraft, name: string, step: Step): undefined {
  const action = actionOf(step.action);
  draft.putStep({
    name,
    action,
    status: "running",
    passed: false,
    order: Object.keys(draft.run.steps).length,
    ended: null,
    startedAt: draft.now,
    completedAt: null,
    fuel: 0,
    output: null,
    error: null,
    deadline: null,
  });
  const scope = scopeOf(draft.run);
  const before = draft.expressions.spent;
  let orders: TaskOrder[];
  try {
    if (step.when !== undefined && !holds(step.when, scope, draft.expressions))
      return settle(draft, name, { status: "skipped", passed: true });
    if (action === "complete_workflow") return complete(draft, name, step, scope);
    if (action === "pause_for_human_input") return pause(draft, name, step, scope);
    orders = ordersOf(draft.run, name, step, scope, draft.expressions);
  } catch (error) {
    chargeExpressions(draft, name, draft.expressions.spent - before);
    return failStep(draft, name, expressionError(name, error));
  }
  work(draft, name, orders, step);
}

/** An expression that fails after much work is not free: a fuel for each million looks, as far as there is any. */
function chargeExpressions(draft: RunDraft, name: string, looks: number): void {
  const fuel = Math.min(draft.availableFuel, Math.floor(looks / 1_000_000));
  if (fuel <= 0) return;
  draft.moveFuel({ spent: fuel });
  draft.changeStep(name, { fuel });
}

function complete(draft: RunDraft, name: string, step: Step, scope: Scope): undefined {
  const result = step.input ? renderObject(step.input, scope, draft.expressions) : outputsOf(draft.run);
  if (jsonBytes(result) > limits.joinedBytes) return failStep(draft, name, tooLarge(name, "The result"));
  if (draft.run.undoing) return settle(draft, name, { status: "completed", passed: true, output: result });
  over(draft, name, { status: "completed", passed: true, output: result });
  announce(draft, name);
  endRun(draft, "completed", { result });
}

function pause(draft: RunDraft, name: string, step: Step, scope: Scope): undefined {
  const review = step.input ? renderObject(step.input, scope, draft.expressions) : outputsOf(draft.run);
  if (jsonBytes(review) > limits.joinedBytes)
    return failStep(draft, name, tooLarge(name, "What is to be reviewed"));
  const deadline = step.timeout_seconds === undefined ? null : draft.now + step.timeout_seconds * 1000;
  draft.changeStep(name, { status: "paused", deadline, output: { review } });
  draft.emit("execution.paused", {
    code: "WORKFLOW_PAUSED_FOR_APPROVAL",
    step: name,
    description: step.description,
    data: review,
    expires_at: isoTimeOrNull(deadline),
    waiting: waitingForEvent(draft.run),
    fuel: draft.run.fuel,
  });
}

function work(draft: RunDraft, name: string, wanted: readonly TaskOrder[], step: Step): undefined {
  announce(draft, name);
  if (actionOf(step.action) === "fan_out") {
    const cost = fuelCost("fan_out", {});
    if (cost > draft.availableFuel)
      return exhaust(draft, name, insufficientFuel(cost, draft.availableFuel, "fan_out"));
    draft.moveFuel({ spent: cost });
    draft.changeStep(name, { fuel: cost });
  }
  if (wanted.some(({ topic, action }) => topic === "" && !localActions.includes(action))) {
    const message = `${step.action} needs a topic`;
    return failStep(draft, name, { code: "WORKFLOW_INVALID", message, details: { step: name } });
  }
  const { orders, inputBytes } = weighed(draft.run, name, wanted);
  const [refused] = sparesOthers(step) ? [] : orders.flatMap(({ error }) => error ?? []);
  if (refused) return failStep(draft, name, refused);
  draft.change({ inputBytes });
  createTasks(draft, name, orders);
  if (orders.every(({ error }) => error)) return joinTasks(draft, name);
  const exhausted = dispatchQueued(draft, name, step);
  if (exhausted) exhaust(draft, name, exhausted);
}

/** A step that fuel is missing for fails the run, whatever its `on_error` says (docs/workflows.md#fuel). */
function exhaust(draft: RunDraft, name: string, error: RunError): undefined {
  endTasks(draft, name);
  over(draft, name, { status: "failed", error });
  announce(draft, name);
  failRun(draft, error);
}

/** One task of several has failed for good, and its step goes on without it. */
export function failItem(draft: RunDraft, name: string, taskId: string, error: RunError): undefined {
  failTask(draft, taskId, error);
  joinTasks(draft, name);
}

/** Goes on with a step after one of its tasks is over: dispatches the next, or joins. */
export function joinTasks(draft: RunDraft, name: string): undefined {
  const step = stepOf(draft.run, name);
  if (!step) return;
  const exhausted = dispatchQueued(draft, name, step);
  if (exhausted) return exhaust(draft, name, exhausted);
  const tasks = draft.tasksOf(name);
  if (hasRounds(step)) return goOnInRounds(draft, name, step);
  if (!tasks.every(({ status }) => status === "completed" || status === "failed")) return;
  const output = joinedOutput(step, tasks);
  const errors = errorsOf(step, tasks);
  if (tasks.length > 1 && jsonBytes([output, errors]) > limits.joinedBytes)
    return failStep(draft, name, tooLarge(name, "The output"));
  const [first] = errors;
  if (!first) return settle(draft, name, { status: "completed", passed: true, output });
  // What has been done counts: the step has failed only when nothing could be.
  const ending: Pick<StepState, "status" | "error"> =
    errors.length < tasks.length
      ? { status: "completed", error: null }
      : { status: "failed", error: first.error };
  settle(draft, name, { ...ending, passed: true, output, errors });
}

/** Goes on with a step of rounds as the loop says. */
function goOnInRounds(draft: RunDraft, name: string, step: Step): undefined {
  const move = nextMove(loopOf(step, draft.run.header), draft.tasksOf(name));
  switch (move.type) {
    case "wait":
      return;
    case "end":
      return settle(draft, name, { status: "completed", passed: true, output: move.output });
    case "fail":
      return failStep(draft, name, { ...move.error, details: { step: name } });
    case "ask_model":
    case "call_tools": {
      const { orders, inputBytes } = weighed(draft.run, name, ordersOfRound(move, step, draft));
      const lost = orders.find((order) => order.error && !isToolCall(order));
      if (lost?.error) return failStep(draft, name, lost.error);
      draft.change({ inputBytes });
      createTasks(draft, name, orders);
      askPerson(draft, name);
      return joinTasks(draft, name);
    }
  }
}

type Ending = Partial<Pick<StepState, "passed" | "output" | "error" | "errors">> & Pick<StepState, "status">;

/** Notes that a step has nothing more to do. */
function over(draft: RunDraft, name: string, ending: Ending): void {
  const ended = Object.values(draft.run.steps).filter((step) => step.ended !== null).length;
  draft.changeStep(name, { ...ending, ended, completedAt: draft.now, deadline: null });
}

/** Whether something of a step is to be kept: because it says so, its memory keeps texts by itself, or its agent remembers. */
function isMemorable({ header, steps }: RunState, name: string): boolean {
  const planned = header.plan.steps[name];
  if (planned?.store_memory) return true;
  const topic = planned && topicOfStep(planned, header.config);
  if (topic !== undefined && agentTypeOfTopic(topic) === "reasoning" && agentRemembers(header, topic))
    return true;
  const { enabled, auto_store } = memoryConfigOf(header.config);
  return enabled && auto_store && steps[name]?.action === "ai_text_generate";
}

/** Ends a step and leads to what comes after it. */
export function settle(draft: RunDraft, name: string, ending: Ending): undefined {
  over(draft, name, ending);
  announce(draft, name);
  if (ending.status === "completed" && isMemorable(draft.run, name))
    draft.effects.push({ type: "remember", stepName: name });
  if (draft.run.undoing) return undoNext(draft);
  if (ending.passed) {
    const { next_step } = stepOf(draft.run, name) ?? {};
    if (next_step) draft.leadTo(next_step);
    for (const [later, { dependencies }] of Object.entries(draft.run.header.plan.steps)) {
      if (dependencies?.includes(name)) draft.leadTo(later);
    }
  }
}

/** Whether the run may begin further steps of its own accord. */
export const isGoingOn = ({ run: { status, undoing } }: RunDraft): boolean =>
  (status === "running" || status === "paused") && undoing === null;

/** A step has failed for good: goes on where `on_error` says, or fails the run. */
export function failStep(draft: RunDraft, name: string, error: RunError, taskId?: string): undefined {
  endTasks(draft, name, taskId ? { taskId, error } : undefined);
  const onError = stepOf(draft.run, name)?.on_error;
  if (onError === "continue") return settle(draft, name, { status: "failed", passed: true, error });
  over(draft, name, { status: "failed", error });
  announce(draft, name);
  if (draft.run.undoing) return undoNext(draft);
  if (onError === undefined) return failRun(draft, error);
  draft.leadTo(onError);
}

/** Fails the run, after undoing the completed steps that say how, last one first. */
export function failRun(draft: RunDraft, error: RunError): undefined {
  stopSteps(draft);
  if (draft.run.undoing) return undoNext(draft);
  const remaining = Object.values(draft.run.steps)
    .filter(({ status }) => status === "completed")
    .sort((a, b) => (b.ended ?? 0) - (a.ended ?? 0))
    .flatMap(({ name }) => stepOf(draft.run, name)?.compensate ?? [])
    .filter((name) => !draft.step(name));
  draft.change({ undoing: { error, remaining } });
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
    over(draft, step.name, { status: "cancelled" });
    announce(draft, step.name);
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
