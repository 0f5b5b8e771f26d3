import type { z } from "@hono/zod-openapi";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import { finalStatuses } from "#src/engine/run-state.ts";
import { gateMeant } from "#src/engine/waiting.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { requestKey } from "#src/kernel/request-key.ts";
import type { DecidedRun } from "#src/objects/tenant-workflows-api.ts";
import { findRun, type RunAdministration } from "./find-run.ts";
import type { DecideRun, decidedRunSchema } from "./schemas.ts";

/**
 * Answers the pause of a run of any tenant with yes, or fails a run that is not over yet with `Manually
 * terminated by admin` (docs/workflows.md#runs-for-administrators). The audit row is written first: nothing is done without one.
 * @throws AppError `NOT_FOUND`; `CONFLICT` when the run, or the step, does not wait, when the run has ended, and for a
 * key that belongs to another decision; `APPROVAL_AMBIGUOUS`; `INSUFFICIENT_PERMISSIONS`
 */
export async function decideRun(
  context: ActingContext & RunAdministration,
  actor: Account,
  correlationId: string,
  decision: DecideRun,
  idempotencyKey?: string,
): Promise<{ decided: z.infer<typeof decidedRunSchema>; replayed: boolean }> {
  const { action, feedback, step } = decision;
  const { userId } = actor;
  const { run, tenant } = await findRun(context, actor, correlationId);
  const idempotency = requestKey([userId, correlationId, "decision"], idempotencyKey, decision);
  const earlier = idempotency && valueOrThrow(await tenant.earlierDecision(idempotency));
  if (earlier) return outcomeOf(decision, correlationId, earlier);
  if (finalStatuses.includes(run.status))
    throw new AppError("CONFLICT", { message: "The run has already ended" });
  const gate = action === "resume" ? valueOrThrow(gateMeant(run, step)) : undefined;
  await auditAction(context, actor, {
    action: action === "resume" ? "run.resumed" : "run.terminated",
    target: { type: "run", id: correlationId },
    clientId: run.client_id,
    details: {
      ...(gate && { step: gate.step }),
      ...(feedback === undefined ? {} : { feedback }),
    },
  });
  const outcome =
    action === "resume"
      ? await tenant.resumeRun(correlationId, "tenant", {
          approved: true,
          feedback,
          step,
          userId,
          idempotency,
        })
      : await tenant.terminateRun(correlationId, feedback, idempotency);
  return outcomeOf(decision, correlationId, valueOrThrow(outcome));
}

function outcomeOf({ action }: DecideRun, correlation_id: string, { status, replayed }: DecidedRun) {
  const done = action === "resume" ? "resumed" : "terminated";
  return { decided: { message: `Workflow ${done} successfully`, correlation_id, status }, replayed };
}
