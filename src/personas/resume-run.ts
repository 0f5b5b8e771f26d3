import { valueOrThrow } from "../http/outcome.ts";
import { hasRole, type Principal } from "../identity/principal.ts";
import type { RunStatus } from "../workflows/run-view.ts";
import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { auditAction } from "./audit-action.ts";
import type { PersonaContext } from "./create-template.ts";

export interface ResumeContext extends PersonaContext {
  /** The workflow object of the caller's tenant that the run lives in. */
  tenant: Pick<TenantWorkflowsApi, "getRun" | "resumeRun">;
}

/**
 * Answers a run that waits for a person: one's own or, for administrators, with an audit row, one of their tenant.
 * @throws AppError `NOT_FOUND`; `CONFLICT` when the run does not wait
 */
export async function resumeRun(
  context: ResumeContext,
  principal: Principal,
  correlationId: string,
  given: { approved: boolean; feedback?: string },
): Promise<RunStatus> {
  const { tenant } = context;
  const { userId } = principal;
  const answer = { ...given, userId };
  const own = await tenant.resumeRun(correlationId, { userId }, answer);
  if (own.ok || own.code !== "NOT_FOUND" || !hasRole(principal, "admin")) return valueOrThrow(own).status;
  valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  // First: nothing is done without one.
  await auditAction(context, principal, {
    action: "run.answered",
    target: { type: "run", id: correlationId },
    details: given,
  });
  return valueOrThrow(await tenant.resumeRun(correlationId, "tenant", answer)).status;
}
