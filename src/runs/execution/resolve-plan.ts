import type { Database } from "#src/db/client.ts";
import { type Plan, planSchema } from "#src/engine/plans/plan.ts";
import { noWorkflow } from "#src/engine/plans/workflow-graph.ts";
import { AppError } from "#src/kernel/app-error.ts";
import {
  findActiveWorkflows,
  type ResolvedWorkflow,
  resolveWorkflows,
} from "#src/workflow-definitions/index.ts";

/** What a run follows, and keeps from its start on. */
export interface ResolvedPlan {
  plan: Plan;
  /** The definition that the plan is; undefined for a persona's own plan. */
  definition?: { id: string; version: number };
  /** Definitions that it reaches by `workflow:{name}` topics, at any depth. */
  workflows: Record<string, ResolvedWorkflow>;
}

/**
 * The plan of a persona's config, its own or the definition it names, with every workflow it reaches, in the
 * versions there are now: those of the tenant, else the platform's.
 * @throws AppError `WORKFLOW_INVALID` when the definition it names is gone
 */
export async function resolvePlan(
  db: Database,
  clientId: string,
  workflow: Plan | string,
): Promise<ResolvedPlan> {
  if (typeof workflow !== "string") {
    return { plan: workflow, workflows: await resolveWorkflows(db, clientId, workflow) };
  }
  const [row] = await findActiveWorkflows(db, clientId, [workflow]);
  if (!row) {
    const errors = [{ step: null, path: "workflow", message: noWorkflow(workflow) }];
    throw new AppError("WORKFLOW_INVALID", { details: { errors } });
  }
  const plan = planSchema.parse(row.plan);
  const { id, version } = row;
  return { plan, definition: { id, version }, workflows: await resolveWorkflows(db, clientId, plan) };
}
