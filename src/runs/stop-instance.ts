import type { z } from "@hono/zod-openapi";
import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import { findInstance } from "#src/personas/instances/instance-repository.ts";
import type { stopSchema } from "#src/personas/schemas.ts";

export interface StopContext extends ActingContext {
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
  actor: Account,
  instanceId: string,
  { correlation_id, reason = "Stopped by user" }: z.infer<typeof stopSchema>,
): Promise<string[]> {
  const { db, workflows, workflowsOfRun } = context;
  const instance = await findInstance(db, actor, instanceId);
  if (!instance) throw new AppError("NOT_FOUND");
  if (instance.ownerUserId !== actor.userId) {
    const target = { type: "instance", id: instanceId };
    await auditAction(context, actor, {
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
