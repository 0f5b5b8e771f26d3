import type { z } from "@hono/zod-openapi";
import { AppError } from "../http/app-error.ts";
import { valueOrThrow } from "../http/outcome.ts";
import type { Principal } from "../identity/principal.ts";
import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { auditAction } from "./audit-action.ts";
import type { PersonaContext } from "./create-template.ts";
import { findInstance } from "./instance-repository.ts";
import type { stopSchema } from "./schemas.ts";

export interface StopContext extends PersonaContext {
  /** Every workflow object of the caller's tenant. */
  workflows: readonly TenantWorkflowsApi[];
  workflowsOfRun(correlationId: string): TenantWorkflowsApi;
}

/**
 * Cancels what an instance executes, or the one run that is named; returns the ids of what was cancelled.
 * @throws AppError `NOT_FOUND` for a run of another instance; `CONFLICT` for one that has ended
 */
export async function stopInstance(
  context: StopContext,
  principal: Principal,
  instanceId: string,
  { correlation_id, reason = "Stopped by user" }: z.infer<typeof stopSchema>,
): Promise<string[]> {
  const { db, workflows, workflowsOfRun } = context;
  const instance = await findInstance(db, principal, instanceId);
  if (!instance) throw new AppError("NOT_FOUND");
  if (instance.ownerUserId !== principal.userId) {
    const target = { type: "instance", id: instanceId };
    await auditAction(context, principal, {
      action: "instance.stopped",
      target,
      details: { correlation_id, reason },
    });
  }
  // The instance is the caller's to steer, and so is what it executes, whoever started it.
  if (correlation_id === undefined) {
    const stopped = await Promise.all(
      workflows.map((tenant) => tenant.cancelRunsOfInstance(instanceId, "tenant", reason)),
    );
    return stopped.flat();
  }
  const tenant = workflowsOfRun(correlation_id);
  const run = valueOrThrow(await tenant.getRun(correlation_id, "tenant"));
  if (run.instance_id !== instanceId) throw new AppError("NOT_FOUND", { message: "No such run" });
  valueOrThrow(await tenant.cancelRun(correlation_id, "tenant", reason));
  return [correlation_id];
}
