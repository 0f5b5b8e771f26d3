import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { validationError } from "../http/error-response.ts";
import { reportOnPlan } from "../workflow-definitions/report-on-plan.ts";
import { findActiveWorkflows } from "../workflow-definitions/workflow-repository.ts";
import { noMetrics } from "../workflows/plan-metrics.ts";
import type { PlanReport } from "../workflows/validate-plan.ts";
import { noWorkflow } from "../workflows/workflow-graph.ts";
import { type PersonaConfig, personaConfigSchema } from "./schemas.ts";

/** What is said of a config that names a workflow definition which is not there. */
const missing = (name: string): PlanReport => ({
  valid: false,
  errors: [{ step: null, path: "workflow", message: noWorkflow(name) }],
  warnings: [],
  metrics: noMetrics,
});

/** Everything that can be said about a config's workflow plan, its own or the one it names. */
export async function reportOn(db: Database, config: PersonaConfig): Promise<PlanReport> {
  const { workflow } = config;
  if (typeof workflow !== "string") return reportOnPlan(db, workflow, config);
  const [definition] = await findActiveWorkflows(db, [workflow]);
  return definition ? reportOnPlan(db, definition.plan, config) : missing(workflow);
}

/** @throws AppError `WORKFLOW_INVALID` with every problem of the plan */
export async function requireValidPlan(db: Database, config: PersonaConfig): Promise<void> {
  const { valid, errors, warnings } = await reportOn(db, config);
  if (!valid) throw new AppError("WORKFLOW_INVALID", { details: { errors, warnings } });
}

/**
 * A merged config, checked like one that was written whole.
 * @throws AppError `VALIDATION_ERROR` naming the fields below `config`
 */
export function parseMergedConfig(merged: Record<string, unknown>): PersonaConfig {
  const parsed = personaConfigSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw validationError(parsed.error.issues, ["config"]);
}
