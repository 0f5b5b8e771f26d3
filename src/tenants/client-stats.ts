import type { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import { type Account, requireRole } from "#src/kernel/actor.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import { clientTotals } from "./client-repository.ts";
import { clientWithin } from "./client-within.ts";
import type { clientStatsSchema } from "./schemas.ts";

export interface StatsContext {
  db: Database;
  clock: Clock;
  /** Every workflow object of a tenant: they hold its memories. */
  workflowsOf(clientId: string): readonly Pick<TenantWorkflowsApi, "countMemories">[];
}

const recentMs = 30 * 86_400_000;

/**
 * What a tenant has and has used. Reads nothing of other tenants.
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function clientStats(
  { db, clock, workflowsOf }: StatsContext,
  actor: Account,
  clientId: string,
): Promise<z.infer<typeof clientStatsSchema>> {
  requireRole(actor, "admin");
  await clientWithin(db, actor, clientId);
  const [totals, ...memories] = await Promise.all([
    clientTotals(db, clientId, clock.now() - recentMs),
    ...workflowsOf(clientId).map((tenant) => tenant.countMemories()),
  ]);
  return {
    client_id: clientId,
    total_users: totals.totalUsers,
    active_users: totals.activeUsers,
    total_instances: totals.totalInstances,
    active_instances: totals.activeInstances,
    total_workflows: totals.totalRuns,
    workflows_last_30_days: totals.recentRuns,
    total_memory_entries: memories.reduce((sum, count) => sum + count, 0),
    total_fuel_consumed: totals.fuel,
  };
}
