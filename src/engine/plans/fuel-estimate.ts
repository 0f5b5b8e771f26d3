import { withoutPrefix } from "#src/text/cut-text.ts";
import { fuelCost, maxFuel, type TextFuel } from "../fuel.ts";
import { limits } from "../limits.ts";
import type { AgentRoute } from "../start-run.ts";
import { hasRounds, loopOf } from "../tool-loop/loop-of-step.ts";
import { agentTypeOfTopic, workflowPrefix } from "../topics.ts";
import { actionOf, actionOfSubTask, localActions, topicOfStep } from "./actions.ts";
import type { Plan, Step } from "./plan.ts";
import type { PlanProblem } from "./plan-problem.ts";
import { type WorkflowPlans, workflowIn } from "./workflow-graph.ts";

/** What the fuel of a plan depends on besides itself. */
export interface FuelSurroundings {
  config: Record<string, unknown>;
  /** Agent definitions by type, whose models and categories say what their tasks cost. */
  agents: Readonly<Record<string, AgentRoute>>;
  workflows: WorkflowPlans;
  textFuel?: TextFuel;
}

export interface FuelEstimate {
  /** Every step once, and every list as if it had one item. */
  once: number;
  /** What no run of the plan can exceed: every step runs, and child runs are retried as often as they may be. Null without bound. */
  most: number | null;
  /** Why there is no bound. */
  unbounded: PlanProblem[];
}

/** What a plan can use: `spent ≤ most`, whatever happens in its runs. */
export const estimateFuel = (plan: Plan, around: FuelSurroundings): FuelEstimate =>
  estimateAt(plan, around, 0, new Map());

const nothing: FuelEstimate = { once: 0, most: 0, unbounded: [] };

const plus = (one: FuelEstimate, other: FuelEstimate): FuelEstimate => ({
  once: one.once + other.once,
  most: one.most === null || other.most === null ? null : one.most + other.most,
  unbounded: [...one.unbounded, ...other.unbounded],
});

/** @param known estimates of workflows by depth and name: a plan may start the same one many times */
function estimateAt(
  plan: Plan,
  around: FuelSurroundings,
  depth: number,
  known: Map<string, FuelEstimate>,
): FuelEstimate {
  const ofTask = (action: string, topic: string, step: Step): FuelEstimate => {
    if (topic.startsWith(workflowPrefix)) return ofChild(withoutPrefix(topic, workflowPrefix), step);
    const type = agentTypeOfTopic(topic);
    const agent = Object.hasOwn(around.agents, type) ? around.agents[type] : undefined;
    const model = around.config.model ?? agent?.defaultConfig.model;
    const work = { topic, category: agent?.category, model, textFuel: around.textFuel };
    // A failed attempt uses nothing: only the one that completes counts.
    return { once: fuelCost(action, work), most: maxFuel(action, work), unbounded: [] };
  };
  const ofChild = (name: string, { fuel_budget, retry }: Step): FuelEstimate => {
    const { once, most, unbounded } = ofWorkflow(name);
    const each = Math.min(most ?? Number.POSITIVE_INFINITY, fuel_budget ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(each)) return { once, most: null, unbounded };
    // What a child run has used stays used when it fails.
    return { once: Math.min(once, each), most: each * (retry?.max_attempts ?? 1), unbounded: [] };
  };
  const ofWorkflow = (name: string): FuelEstimate => {
    const key = `${depth}:${name}`;
    const child = workflowIn(around.workflows, name);
    // What is not there, or lies too deep, fails before it uses anything.
    const found =
      known.get(key) ??
      (child && depth < limits.childDepth ? estimateAt(child.plan, around, depth + 1, known) : nothing);
    known.set(key, found);
    return found;
  };
  /** The most of a step of rounds: every turn is taken, and every call is one of the dearest tool. */
  const ofRounds = (step: Step): FuelEstimate => {
    const model = ofTask(actionOf(step.action), topicOfStep(step, around.config) ?? "", step);
    const { tools, maxTurns, maxCalls, onLimit } = loopOf(step, around);
    const turns = onLimit === "answer" ? maxTurns + 1 : maxTurns;
    const usable = [...tools.values()].filter(({ verdict }) => verdict !== "deny");
    const calls = usable.map(({ action, topic }) => ofTask(action, topic, step));
    const dearest = Math.max(0, ...calls.map(({ most }) => most ?? Number.POSITIVE_INFINITY));
    const most = turns * (model.most ?? Number.POSITIVE_INFINITY) + maxCalls * dearest;
    return {
      once: model.once,
      most: Number.isFinite(most) ? most : null,
      unbounded: calls.flatMap(({ unbounded }) => unbounded),
    };
  };
  const ofStep = (name: string, step: Step): FuelEstimate => {
    const action = actionOf(step.action);
    const isLocal = localActions.includes(action);
    const own = isLocal ? fuelCost(action, {}) : 0;
    const tasks =
      action === "fan_out"
        ? (step.sub_tasks ?? []).map((task) => ofTask(actionOfSubTask(task), task.topic, step))
        : isLocal
          ? []
          : hasRounds(step)
            ? [ofRounds(step)]
            : [ofTask(action, topicOfStep(step, around.config) ?? "", step)];
    const whole = tasks.reduce<FuelEstimate>(plus, { once: own, most: own, unbounded: [] });
    const problem = (field: string, message: string): PlanProblem[] => [
      { step: name, path: `steps.${name}.${field}`, message },
    ];
    if (step.for_each !== undefined)
      return { ...whole, most: null, unbounded: problem("for_each", "As often as the list has items") };
    if (whole.most !== null) return whole;
    const [reason] = whole.unbounded;
    const message = `A child run has no bound: ${reason?.path}; fuel_budget sets one`;
    const field = action === "fan_out" ? "sub_tasks" : hasRounds(step) ? "tools" : "topic";
    return { ...whole, unbounded: problem(field, message) };
  };
  return Object.entries(plan.steps).reduce((sum, [name, step]) => plus(sum, ofStep(name, step)), nothing);
}
