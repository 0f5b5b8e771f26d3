import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import { gateMeant } from "#src/engine/waiting.ts";
import { type Account, hasRole } from "#src/kernel/actor.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import type { DecidedRun, TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import type { Resume } from "#src/personas/schemas.ts";

export interface ResumeContext extends ActingContext {
  /** The workflow object of the caller's tenant that the run lives in. */
  tenant: Pick<TenantWorkflowsApi, "getRun" | "resumeRun" | "earlierDecision">;
}

/**
 * Answers a run that waits for a person: one's own or, for administrators, with an audit row, one of their tenant.
 * @throws AppError `NOT_FOUND`; `CONFLICT` when the run, or the step, does not wait, and for a key that belongs to
 * another answer; `APPROVAL_AMBIGUOUS`
 */
export async function resumeRun(
  context: ResumeContext,
  actor: Account,
  correlationId: string,
  given: Resume,
  idempotencyKey: string | undefined,
): Promise<DecidedRun> {
  const { tenant } = context;
  const { userId } = actor;
  const idempotency = requestKey([userId, correlationId, "answer"], idempotencyKey, given);
  const answer = { ...given, userId, idempotency };
  const own = await tenant.resumeRun(correlationId, { userId }, answer);
  if (own.ok || own.code !== "NOT_FOUND" || !hasRole(actor, "admin")) return valueOrThrow(own);
  const earlier = idempotency && valueOrThrow(await tenant.earlierDecision(idempotency));
  if (earlier) return earlier;
  const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  const { step } = valueOrThrow(gateMeant(run, given.step));
  // First: nothing is done without one.
  await auditAction(context, actor, {
    action: "run.answered",
    target: { type: "run", id: correlationId },
    details: { ...given, step },
  });
  return valueOrThrow(await tenant.resumeRun(correlationId, "tenant", answer));
}
