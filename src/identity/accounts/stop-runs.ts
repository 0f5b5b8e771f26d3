import type { Database } from "#src/db/client.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import { deletedUsersWithRuns } from "./deleted-user-repository.ts";

export interface StopRunsContext {
  db: Database;
  /** Every workflow object of a tenant. */
  workflowsOf(clientId: string): readonly Pick<TenantWorkflowsApi, "cancelRunsOfUser">[];
}

const atOnce = 100;

/**
 * Cancels what a deleted account still executes.
 * @returns the ids of the runs
 */
export async function stopRuns(
  { workflowsOf }: Pick<StopRunsContext, "workflowsOf">,
  { id, clientId }: { id: string; clientId: string },
): Promise<string[]> {
  const ended = await Promise.all(
    workflowsOf(clientId).map((tenant) => tenant.cancelRunsOfUser(id, "The account was deleted")),
  );
  return ended.flat();
}

/** The cron job: cancels what was missed when an account was deleted. One tenant's failure holds up no other. */
export async function sweepRunsOfDeleted(context: StopRunsContext): Promise<void> {
  const users = await deletedUsersWithRuns(context.db, atOnce);
  const results = await Promise.allSettled(users.map((user) => stopRuns(context, user)));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, "Runs of deleted accounts go on");
}
