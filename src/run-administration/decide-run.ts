import type { z } from "@hono/zod-openapi";
import { AppError } from "../http/app-error.ts";
import { valueOrThrow } from "../http/outcome.ts";
import type { Principal } from "../identity/principal.ts";
import { auditAction } from "../personas/audit-action.ts";
import type { PersonaContext } from "../personas/create-template.ts";
import { finalStatuses } from "../workflows/run-state.ts";
import { findRun, type RunAdministration } from "./find-run.ts";
import type { DecideRun, decidedRunSchema } from "./schemas.ts";

/**
 * Answers the pause of a run of any tenant with yes, or fails a run that is not over yet with `Manually
 * terminated by admin` (spec 03-workflows, "Run"). The audit row is written first: nothing is done without one.
 * @throws AppError `NOT_FOUND`; `CONFLICT` when the run does not wait, or has ended; `INSUFFICIENT_PERMISSIONS`
 */
export async function decideRun(
  context: PersonaContext & RunAdministration,
  principal: Principal,
  correlationId: string,
  { action, feedback }: DecideRun,
): Promise<z.infer<typeof decidedRunSchema>> {
  const { run, tenant } = await findRun(context, principal, correlationId);
  if (finalStatuses.includes(run.status))
    throw new AppError("CONFLICT", { message: "The run has already ended" });
  if (action === "resume" && run.status !== "paused")
    throw new AppError("CONFLICT", { message: "The run is not waiting for an answer" });
  await auditAction(context, principal, {
    action: action === "resume" ? "run.resumed" : "run.terminated",
    target: { type: "run", id: correlationId },
    clientId: run.client_id,
    details: feedback === undefined ? {} : { feedback },
  });
  const outcome =
    action === "resume"
      ? await tenant.resumeRun(correlationId, "tenant", {
          approved: true,
          feedback,
          userId: principal.userId,
        })
      : await tenant.terminateRun(correlationId, feedback);
  const { status } = valueOrThrow(outcome);
  const done = action === "resume" ? "resumed" : "terminated";
  return { message: `Workflow ${done} successfully`, correlation_id: correlationId, status };
}
