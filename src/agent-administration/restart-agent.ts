import type { ActingContext } from "#src/audit/acting-context.ts";
import { auditAction } from "#src/audit/audit-action.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import { findInstanceWithin } from "#src/personas/instances/instance-repository.ts";
import { instancesOfPlatform } from "#src/personas/instances/instance-scope.ts";

export interface RestartContext extends ActingContext {
  /** Every workflow object of a tenant. */
  workflowsOf(clientId: string): readonly TenantWorkflowsApi[];
}

/**
 * Sends the unfinished tasks of an instance again, at once and whoever holds them;
 * returns how many. What was done twice is reported once.
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function restartAgent(context: RestartContext, actor: Account, id: string): Promise<number> {
  const { db, workflowsOf } = context;
  const instance = await findInstanceWithin(db, instancesOfPlatform(actor), id);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such agent" });
  const { clientId } = instance;
  await auditAction(context, actor, {
    action: "instance.restarted",
    target: { type: "instance", id },
    clientId,
  });
  const counts = await Promise.all(
    workflowsOf(clientId).map((tenant) => tenant.redispatchTasksOfInstance(id)),
  );
  return counts.reduce((total, count) => total + count, 0);
}
