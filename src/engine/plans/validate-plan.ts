import { z } from "@hono/zod-openapi";
import { withoutPrefix } from "#src/text/cut-text.ts";
import { expressionProblems } from "../expressions/expression-problems.ts";
import type { TextFuel } from "../fuel.ts";
import { limits } from "../limits.ts";
import type { AgentRoute } from "../start-run.ts";
import { workflowPrefix } from "../topics.ts";
import { actionOf, controlActions, localActions, topicOfStep } from "./actions.ts";
import { answeringProblems, isAnswering } from "./answering-step.ts";
import type { Plan, Step } from "./plan.ts";
import {
  dependencyThatWaitsFor,
  findCycle,
  followersIn,
  leadersIn,
  type Neighbours,
  namesIn,
  ownersIn,
  predecessors,
  reachable,
} from "./plan-graph.ts";
import { metricsOf, noMetrics, planMetricsSchema } from "./plan-metrics.ts";
import { type PlanProblem, planProblemSchema } from "./plan-problem.ts";
import { toolProblems } from "./tool-problems.ts";
import { problemOfWorkflow, type WorkflowPlans, workflowIn, workflowsCalledBy } from "./workflow-graph.ts";

export const planReportSchema = z
  .object({
    valid: z.boolean(),
    errors: z.array(planProblemSchema),
    warnings: z.array(planProblemSchema),
    metrics: planMetricsSchema,
  })
  .openapi("PlanReport");
export type PlanReport = z.infer<typeof planReportSchema>;

/** What a plan is checked against besides itself. */
export interface PlanContext {
  config: Record<string, unknown>;
  /** Whether a logical topic leads to a consumer. */
  isRoutable(topic: string): boolean;
  /** Agent definitions by type, whose models and categories say what their tasks cost. */
  agents?: Readonly<Record<string, AgentRoute>>;
  /** What texts cost by the models of the config and the agents. */
  textFuel?: TextFuel;
  /** Whether conversations may name it: then one of its steps may answer their turns. */
  mayAnswer?: boolean;
  /** Workflow definitions that the plan can reach through `workflow:{name}` topics; none when left out. */
  workflows?: WorkflowPlans;
}

/** Whether the plan itself has a step of that name; `constructor` is none that every object has. */
const hasStep = (plan: Plan, name: string): boolean => Object.hasOwn(plan.steps, name);

/** Why nobody would take a task of this topic; undefined when somebody does. */
function problemOfTopic(topic: string, { isRoutable, workflows = {} }: PlanContext): string | undefined {
  if (topic.startsWith(workflowPrefix))
    return problemOfWorkflow(withoutPrefix(topic, workflowPrefix), workflows);
  return isRoutable(topic) ? undefined : `${topic} leads nowhere`;
}

/** Checks a whole plan and reports every problem at once (docs/workflows.md#a-plan). */
export function validatePlan(plan: Plan, context: PlanContext): PlanReport {
  const errors: PlanProblem[] = [];
  const warnings: PlanProblem[] = [];
  const names = Object.keys(plan.steps);
  if (names.length === 0)
    errors.push({ step: null, path: "steps", message: "A plan needs at least one step" });
  if (names.length > limits.steps) {
    // Nothing else is looked at: that would take the longer the more there are.
    errors.push({ step: null, path: "steps", message: `At most ${limits.steps} steps` });
    return { valid: false, errors, warnings, metrics: { ...noMetrics, total_steps: names.length } };
  }
  const followers = followersIn(plan);
  const around = { leaders: leadersIn(followers), owners: ownersIn(plan) };
  if (!plan.start_step) errors.push({ step: null, path: "start_step", message: "The start step is missing" });
  else if (!hasStep(plan, plan.start_step)) {
    errors.push({ step: null, path: "start_step", message: `There is no step ${plan.start_step}` });
  } else if (plan.steps[plan.start_step]?.dependencies?.length) {
    const path = `steps.${plan.start_step}.dependencies`;
    errors.push({ step: plan.start_step, path, message: "The start step cannot wait for others" });
  }
  for (const [name, step] of Object.entries(plan.steps)) {
    for (const { path, message } of problemsOf(plan, name, step, around, context)) {
      errors.push({ step: name, path: `steps.${name}.${path}`, message });
    }
  }
  const cycle = findCycle(followers);
  if (cycle)
    errors.push({
      step: cycle[0] ?? null,
      path: "steps",
      message: `Steps go in a circle: ${cycle.join(" → ")}`,
    });
  const reach = workflowsReached(plan, context.workflows ?? {});
  if (reach > limits.childPlans)
    errors.push({
      step: null,
      path: "steps",
      message: `The plan reaches more than ${limits.childPlans} workflows`,
    });
  const reached = reachable(plan, followers);
  for (const name of names.filter((step) => !reached.has(step))) {
    warnings.push({ step: name, path: `steps.${name}`, message: "Nothing leads to this step" });
  }
  return {
    valid: errors.length === 0,
    errors,
    warnings,
    metrics: metricsOf(plan, followers, { agents: {}, workflows: {}, ...context }, cycle === undefined),
  };
}

function* problemsOf(
  plan: Plan,
  name: string,
  step: Step,
  { leaders, owners }: { leaders: Neighbours; owners: Neighbours },
  context: PlanContext,
): Generator<{ path: string; message: string }> {
  const action = actionOf(step.action);
  for (const field of ["next_step", "compensate"] as const) {
    const target = step[field];
    if (target !== undefined && !hasStep(plan, target))
      yield { path: field, message: `There is no step ${target}` };
  }
  if (step.compensate === name) yield { path: "compensate", message: "A step cannot undo itself" };
  if (step.on_error !== undefined && step.on_error !== "continue" && !hasStep(plan, step.on_error)) {
    yield { path: "on_error", message: `There is no step ${step.on_error}` };
  }
  const lost = dependencyThatWaitsFor(plan, step.on_error ?? "", name);
  if (lost !== undefined) {
    const message = `${step.on_error} never begins when ${name} has failed: it depends on ${lost}, which waits for ${name}`;
    yield { path: "on_error", message };
  }
  for (const [index, dependency] of (step.dependencies ?? []).entries()) {
    if (!hasStep(plan, dependency))
      yield { path: `dependencies.${index}`, message: `There is no step ${dependency}` };
  }
  if (action === "complete_workflow" && step.next_step !== undefined) {
    yield { path: "next_step", message: "Nothing comes after complete_workflow" };
  }
  if (step.for_each !== undefined && controlActions.includes(action)) {
    yield { path: "for_each", message: `${step.action} has no tasks that items could be given to` };
  }
  if (action === "fan_out") {
    if (!step.sub_tasks?.length) yield { path: "sub_tasks", message: "fan_out needs sub-tasks" };
    for (const [index, { step_name, topic, action: done }] of (step.sub_tasks ?? []).entries()) {
      if (done !== undefined && controlActions.includes(actionOf(done)))
        yield { path: `sub_tasks.${index}.action`, message: `No task can do ${done}` };
      if (hasStep(plan, step_name))
        yield { path: `sub_tasks.${index}.step_name`, message: "A step has this name" };
      const [namesake] = (owners.get(step_name) ?? []).filter((owner) => owner !== name);
      if (namesake !== undefined)
        yield { path: `sub_tasks.${index}.step_name`, message: `A sub-task of ${namesake} has this name` };
      if (step.sub_tasks?.findIndex((other) => other.step_name === step_name) !== index)
        yield { path: `sub_tasks.${index}.step_name`, message: "Another sub-task has this name" };
      const problem = problemOfTopic(topic, context);
      if (problem !== undefined) yield { path: `sub_tasks.${index}.topic`, message: problem };
    }
  } else if (context.mayAnswer && isAnswering(step)) {
    yield* answeringProblems(plan, name, step);
  } else if (!localActions.includes(action)) {
    const topic = topicOfStep(step, context.config);
    const problem = topic === undefined ? `${step.action} needs a topic` : problemOfTopic(topic, context);
    if (problem !== undefined) yield { path: "topic", message: problem };
  }
  if (!isAnswering(step)) yield* toolProblems(step, context);
  const undoes = Object.values(plan.steps).some(({ compensate }) => compensate === name);
  yield* expressionProblems(step, undoes ? namesIn(plan) : predecessors(plan, name, leaders));
}

/** How many workflow definitions a plan reaches, at any depth. */
function workflowsReached(plan: Plan, workflows: WorkflowPlans): number {
  const found = new Set<string>();
  const open = workflowsCalledBy(plan);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const definition = workflowIn(workflows, name);
    if (definition) open.push(...workflowsCalledBy(definition.plan));
  }
  return found.size;
}
