import { noMetrics } from "#src/engine/plans/plan-metrics.ts";
import type { PlanProblem } from "#src/engine/plans/plan-problem.ts";
import type { PlanReport } from "#src/engine/plans/validate-plan.ts";
import { noWorkflow } from "#src/engine/plans/workflow-graph.ts";
import { validationError } from "#src/http/error-response.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import type { Owner } from "#src/tenants/index.ts";
import { findActiveWorkflows, reportOnPlan } from "#src/workflow-definitions/index.ts";
import { type PersonaConfig, personaConfigSchema } from "../schemas.ts";

type Checking = Pick<Platform, "db" | "settings">;

/** What is said of a config that names a workflow definition which is not there. */
const missing = (name: string): PlanReport => ({
  valid: false,
  errors: [{ step: null, path: "workflow", message: noWorkflow(name) }],
  warnings: [],
  metrics: noMetrics,
});

/** Keys of the older system's configs that would be missed by their author: nothing here reads them. */
const unread: Record<string, string> = {
  core_logic:
    "Nothing reads core_logic: model, temperature, system_prompt and the like stand in the config itself",
};

/**
 * Everything that can be said about a config's workflow plan, its own or the one it names, for whoever owns it, and
 * about its keys.
 */
export async function reportOn(platform: Checking, owner: Owner, config: PersonaConfig): Promise<PlanReport> {
  const report = await reportOnWorkflow(platform, owner, config);
  const missed = Object.entries(unread).filter(([key]) => Object.hasOwn(config, key));
  return {
    ...report,
    warnings: [...report.warnings, ...missed.map(([path, message]) => ({ step: null, path, message }))],
  };
}

async function reportOnWorkflow(
  platform: Checking,
  owner: Owner,
  config: PersonaConfig,
): Promise<PlanReport> {
  const { workflow } = config;
  if (typeof workflow !== "string") return reportOnPlan(platform, owner, workflow, config);
  const [definition] = await findActiveWorkflows(platform.db, owner, [workflow]);
  return definition ? reportOnPlan(platform, owner, definition.plan, config) : missing(workflow);
}

/**
 * @returns what is not wrong, and yet worth knowing
 * @throws AppError `WORKFLOW_INVALID` with every problem of the plan
 */
export async function requireValidPlan(
  platform: Checking,
  owner: Owner,
  config: PersonaConfig,
): Promise<PlanProblem[]> {
  const { valid, errors, warnings } = await reportOn(platform, owner, config);
  if (!valid) throw new AppError("WORKFLOW_INVALID", { details: { errors, warnings } });
  return warnings;
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
