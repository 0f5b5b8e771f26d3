import type { PlanReport } from "#src/engine/plans/validate-plan.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { reportOnPlan } from "./report-on-plan.ts";
import type { WorkflowRow } from "./workflow-repository.ts";

/** @throws AppError `WORKFLOW_INVALID` with every problem of the plan */
export async function requireValidWorkflow(
  platform: Pick<Platform, "db" | "settings">,
  { id, clientId, name, version, plan }: Pick<WorkflowRow, "id" | "clientId" | "name" | "version" | "plan">,
): Promise<PlanReport> {
  // Checked as if it were stored already, so that a plan that leads back to itself is found.
  const report = await reportOnPlan(platform, clientId, plan, {}, { [name]: { id, version, plan } }, true);
  const { valid, errors, warnings } = report;
  if (!valid) throw new AppError("WORKFLOW_INVALID", { details: { errors, warnings } });
  return report;
}
