import { activeAgents, routableBy } from "#src/agent-definitions/index.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { type PlanReport, validatePlan } from "#src/engine/plans/validate-plan.ts";
import type { Platform } from "#src/platform.ts";
import { fuelOfTexts, modelTable } from "#src/providers/index.ts";
import type { Owner } from "#src/tenants/index.ts";
import { type ResolvedWorkflow, resolveWorkflows } from "./resolve-workflows.ts";

/**
 * Everything that can be said about a plan with the agents and workflows there are now for its owner.
 * @param known definitions as they are to be, instead of as they are stored
 * @param mayAnswer whether conversations may name it
 */
export async function reportOnPlan(
  { db, settings }: Pick<Platform, "db" | "settings">,
  owner: Owner,
  plan: Plan,
  config: Record<string, unknown>,
  known?: Readonly<Record<string, ResolvedWorkflow>>,
  mayAnswer = false,
): Promise<PlanReport> {
  const [agents, workflows] = await Promise.all([
    activeAgents(db, owner),
    resolveWorkflows(db, owner, plan, known),
  ]);
  const textFuel = fuelOfTexts(modelTable(settings.MODEL_PRICES))({ config, agents });
  return validatePlan(plan, {
    config,
    isRoutable: routableBy(agents),
    agents,
    workflows,
    textFuel,
    mayAnswer,
  });
}
