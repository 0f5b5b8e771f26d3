import { z } from "@hono/zod-openapi";
import { actionOf, actionOfSubTask, localActions, topicOfStep } from "./actions.ts";
import { checkTemplate, stepsReadBy } from "./expressions.ts";
import { fuelCost } from "./fuel.ts";
import { limits } from "./limits.ts";
import type { Plan, Step } from "./plan.ts";

export const planProblemSchema = z.object({
  step: z.string().nullable(),
  path: z.string(),
  message: z.string(),
});
export type PlanProblem = z.infer<typeof planProblemSchema>;

export const planMetricsSchema = z.object({
  total_steps: z.number().int(),
  fan_out_steps: z.number().int(),
  external_calls: z.number().int(),
  max_depth: z.number().int(),
  estimated_fuel: z.number().int(),
});

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
}

/** Steps that can come right after a step. */
const followersOf = (plan: Plan, name: string): string[] => {
  const { next_step, on_error } = plan.steps[name] ?? {};
  const dependants = Object.entries(plan.steps).filter(([, { dependencies }]) =>
    dependencies?.includes(name),
  );
  return [
    ...(next_step === undefined ? [] : [next_step]),
    ...(on_error === undefined || on_error === "continue" ? [] : [on_error]),
    ...dependants.map(([dependant]) => dependant),
  ];
};

/** Checks a whole plan and reports every problem at once (spec 03-workflows, "Validation"). */
export function validatePlan(plan: Plan, context: PlanContext): PlanReport {
  const errors: PlanProblem[] = [];
  const warnings: PlanProblem[] = [];
  const names = Object.keys(plan.steps);
  if (names.length === 0)
    errors.push({ step: null, path: "steps", message: "A plan needs at least one step" });
  if (names.length > limits.steps)
    errors.push({ step: null, path: "steps", message: `At most ${limits.steps} steps` });
  if (!plan.start_step) errors.push({ step: null, path: "start_step", message: "The start step is missing" });
  else if (!plan.steps[plan.start_step]) {
    errors.push({ step: null, path: "start_step", message: `There is no step ${plan.start_step}` });
  }
  for (const [name, step] of Object.entries(plan.steps)) {
    for (const { path, message } of problemsOf(plan, name, step, context)) {
      errors.push({ step: name, path: `steps.${name}.${path}`, message });
    }
  }
  const cycle = findCycle(plan);
  if (cycle)
    errors.push({
      step: cycle[0] ?? null,
      path: "steps",
      message: `Steps go in a circle: ${cycle.join(" → ")}`,
    });
  const reached = reachable(plan);
  for (const name of names.filter((step) => !reached.has(step))) {
    warnings.push({ step: name, path: `steps.${name}`, message: "Nothing leads to this step" });
  }
  return {
    valid: errors.length === 0,
    errors,
    warnings,
    metrics: metricsOf(plan, context.config, cycle === undefined),
  };
}

function* problemsOf(
  plan: Plan,
  name: string,
  step: Step,
  context: PlanContext,
): Generator<{ path: string; message: string }> {
  const action = actionOf(step.action);
  for (const field of ["next_step", "compensate"] as const) {
    const target = step[field];
    if (target !== undefined && !plan.steps[target])
      yield { path: field, message: `There is no step ${target}` };
  }
  if (step.on_error !== undefined && step.on_error !== "continue" && !plan.steps[step.on_error]) {
    yield { path: "on_error", message: `There is no step ${step.on_error}` };
  }
  for (const [index, dependency] of (step.dependencies ?? []).entries()) {
    if (!plan.steps[dependency])
      yield { path: `dependencies.${index}`, message: `There is no step ${dependency}` };
  }
  if (action === "complete_workflow" && step.next_step !== undefined) {
    yield { path: "next_step", message: "Nothing comes after complete_workflow" };
  }
  if (action === "fan_out") {
    if (!step.sub_tasks?.length) yield { path: "sub_tasks", message: "fan_out needs sub-tasks" };
    for (const [index, { step_name, topic }] of (step.sub_tasks ?? []).entries()) {
      if (plan.steps[step_name])
        yield { path: `sub_tasks.${index}.step_name`, message: "A step has this name" };
      if (!context.isRoutable(topic))
        yield { path: `sub_tasks.${index}.topic`, message: `${topic} leads nowhere` };
    }
  } else if (!localActions.includes(action)) {
    const topic = topicOfStep(step, context.config);
    if (topic === undefined) yield { path: "topic", message: `${step.action} needs a topic` };
    else if (!context.isRoutable(topic)) yield { path: "topic", message: `${topic} leads nowhere` };
  }
  yield* templateProblems(plan, name, step);
}

function* templateProblems(
  plan: Plan,
  name: string,
  step: Step,
): Generator<{ path: string; message: string }> {
  const inputs = [
    ["input", step.input] as const,
    ...(step.sub_tasks ?? []).map(({ input }, index) => [`sub_tasks.${index}.input`, input] as const),
  ];
  const undoes = Object.values(plan.steps).some(({ compensate }) => compensate === name);
  const before = undoes ? undefined : predecessors(plan, name);
  for (const [path, input] of inputs) {
    for (const template of textsIn(input)) {
      try {
        checkTemplate(template);
      } catch (error) {
        yield { path, message: error instanceof Error ? error.message : String(error) };
      }
      for (const read of stepsReadBy(template)) {
        if (before && !before.has(read)) yield { path, message: `Step ${read} cannot have run before` };
      }
    }
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Names whose output a step can read: the steps that lead to it, and their sub-tasks. */
function predecessors(plan: Plan, name: string): Set<string> {
  const found = new Set<string>();
  const open = [name];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    for (const [candidate, step] of Object.entries(plan.steps)) {
      if (found.has(candidate) || !followersOf(plan, candidate).includes(current)) continue;
      found.add(candidate);
      for (const { step_name } of step.sub_tasks ?? []) found.add(step_name);
      open.push(candidate);
    }
  }
  return found;
}

function reachable(plan: Plan): Set<string> {
  const found = new Set<string>();
  const open = [plan.start_step];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || !plan.steps[name]) continue;
    found.add(name);
    open.push(...followersOf(plan, name));
    const compensate = plan.steps[name]?.compensate;
    if (compensate !== undefined) open.push(compensate);
  }
  return found;
}

function findCycle(plan: Plan): string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): string[] | undefined => {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of followersOf(plan, name)) {
      const cycle = visit(next, [...trail, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of Object.keys(plan.steps)) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function metricsOf(plan: Plan, config: Record<string, unknown>, acyclic: boolean): PlanReport["metrics"] {
  const steps = Object.values(plan.steps);
  const tasks = steps.flatMap((step) => {
    const action = actionOf(step.action);
    if (action === "fan_out") return (step.sub_tasks ?? []).map(actionOfSubTask);
    return localActions.includes(action) ? [] : [action];
  });
  const local = steps.map((step) => actionOf(step.action)).filter((action) => localActions.includes(action));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(0, ...followersOf(plan, name).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  return {
    total_steps: steps.length,
    fan_out_steps: local.filter((action) => action === "fan_out").length,
    external_calls: tasks.length,
    max_depth: acyclic && plan.steps[plan.start_step] ? depthOf(plan.start_step) : 0,
    estimated_fuel: [...tasks, ...local].reduce(
      (sum, action) => sum + fuelCost(action, { model: config.model }),
      0,
    ),
  };
}
