import { z } from "@hono/zod-openapi";
import { actionOf, actionOfSubTask, localActions } from "./actions.ts";
import { estimateFuel, type FuelSurroundings } from "./fuel-estimate.ts";
import type { Plan } from "./plan.ts";
import type { Neighbours } from "./plan-graph.ts";
import { planProblemSchema } from "./plan-problem.ts";

export const planMetricsSchema = z.object({
  total_steps: z.number().int(),
  fan_out_steps: z.number().int(),
  external_calls: z.number().int(),
  max_depth: z.number().int(),
  estimated_fuel: z.number().int().openapi({
    description: "The most fuel that a run can use; without such a bound, of each list one item",
  }),
  fuel: z
    .object({
      most: z.number().int().nullable().openapi({ description: "No run uses more; null without bound" }),
      unbounded: z.array(planProblemSchema).openapi({ description: "Why there is no bound" }),
    })
    .openapi({ description: "What a run can use, whatever happens in it" }),
});
type PlanMetrics = z.infer<typeof planMetricsSchema>;

/** Of a plan that is not looked at. */
export const noMetrics: PlanMetrics = {
  total_steps: 0,
  fan_out_steps: 0,
  external_calls: 0,
  max_depth: 0,
  estimated_fuel: 0,
  fuel: { most: 0, unbounded: [] },
};

/** Figures of a plan. `acyclic`: whether its steps go in no circle. */
export function metricsOf(
  plan: Plan,
  followers: Neighbours,
  around: FuelSurroundings,
  acyclic: boolean,
): PlanMetrics {
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
    const depth = 1 + Math.max(0, ...(followers.get(name) ?? []).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  const { once, most, unbounded } = estimateFuel(plan, around);
  return {
    total_steps: steps.length,
    fan_out_steps: local.filter((action) => action === "fan_out").length,
    external_calls: tasks.length,
    max_depth: acyclic && plan.steps[plan.start_step] ? depthOf(plan.start_step) : 0,
    estimated_fuel: most ?? once,
    fuel: { most, unbounded },
  };
}
