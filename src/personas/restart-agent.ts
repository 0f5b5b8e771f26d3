import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { auditAction } from "./audit-action.ts";
import type { PersonaContext } from "./create-template.ts";
import { findInstanceWithin } from "./instance-repository.ts";
import { instancesOfPlatform } from "./instance-scope.ts";

export interface RestartContext extends PersonaContext {
  /** Every workflow object of a tenant. */
  workflowsOf(clientId: string): readonly TenantWorkflowsApi[];
}

/**
 * Sends the unfinished tasks of an instance again, at once and whoever holds them;
 * returns how many. What was done twice is reported once.
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function restartAgent(
  context: RestartContext,
  principal: Principal,
  id: string,
): Promise<number> {
  const { db, workflowsOf } = context;
  const instance = await findInstanceWithin(db, instancesOfPlatform(principal), id);
  if (!instance) throw new AppError("NOT_FOUND", { message: "No such agent" });
  const { clientId } = instance;
  await auditAction(context, principal, {
    action: "instance.restarted",
    target: { type: "instance", id },
    clientId,
  });
  const counts = await Promise.all(
    workflowsOf(clientId).map((tenant) => tenant.redispatchTasksOfInstance(id)),
  );
  return counts.reduce((total, count) => total + count, 0);
}
