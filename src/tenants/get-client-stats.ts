import { z } from "@hono/zod-openapi";
import { dayMs } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { clientTotals } from "./client-repository.ts";
import { clientWithin } from "./client-within.ts";
import { clientParams, clientStatsSchema } from "./schemas.ts";

const recentDays = 30;

/** Reads nothing of other tenants. */
export const getClientStats = operation({
  name: "getClientStats",
  summary: "What a client has and has used",
  input: z.object({ params: clientParams }),
  output: clientStatsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, clock, objects, usage }, actor, { params: { client_id } }) => {
    await clientWithin(db, actor, client_id);
    const [totals, used, ...memories] = await Promise.all([
      clientTotals(db, client_id),
      usage.ofTenant(client_id, clock.now() - recentDays * dayMs),
      ...(await objects.allWorkflows(client_id)).map((tenant) => tenant.countMemories()),
    ]);
    return {
      client_id,
      total_users: totals.totalUsers,
      active_users: totals.activeUsers,
      total_instances: totals.totalInstances,
      active_instances: totals.activeInstances,
      total_workflows: used.runs,
      workflows_last_30_days: used.recentRuns,
      total_memory_entries: memories.reduce((sum, count) => sum + count, 0),
      total_fuel_consumed: used.fuel,
    };
  },
});
