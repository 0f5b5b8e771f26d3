import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import { validationError } from "../http/error-response.ts";
import { type PlanReport, validatePlan } from "../workflows/validate-plan.ts";
import { activeAgents, routableBy } from "./agent-definition-repository.ts";
import { type PersonaConfig, personaConfigSchema } from "./schemas.ts";

/** Everything that can be said about a config's workflow plan. */
export const reportOn = async (db: Database, config: PersonaConfig): Promise<PlanReport> =>
  validatePlan(config.workflow, { config, isRoutable: routableBy(await activeAgents(db)) });

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
  throw validationError(parsed.error.issues.map((issue) => ({ ...issue, path: ["config", ...issue.path] })));
}
