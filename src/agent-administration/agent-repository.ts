import { and, desc, eq, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { runs } from "#src/db/schema/index.ts";
import type { InstanceRow } from "#src/personas/index.ts";

/** Ended runs that health is judged by. */
const healthSamples = 50;

/** Totals over every run of an instance of the read model. */
export const usageTotals = (db: Database, { clientId, id }: Pick<InstanceRow, "clientId" | "id">) =>
  db
    .select({
      total: sql<number>`count(*)`,
      completed: sql<number>`coalesce(sum(${runs.status} = 'completed'), 0)`,
      failed: sql<number>`coalesce(sum(${runs.status} = 'failed'), 0)`,
      queued: sql<number>`coalesce(sum(${runs.status} IN ('pending', 'running')), 0)`,
      averageMs: sql<number>`coalesce(avg(${runs.completedAt} - ${runs.createdAt}), 0)`,
      lastAt: sql<number | null>`max(${runs.createdAt})`,
      fuel: sql<number>`coalesce(sum(${runs.fuelSpent}), 0)`,
    })
    .from(runs)
    .where(and(eq(runs.instanceId, id), eq(runs.clientId, clientId)));

/** The latest runs of an instance. */
export const recentRuns = (db: Database, { clientId, id }: Pick<InstanceRow, "clientId" | "id">) =>
  db
    .select()
    .from(runs)
    .where(and(eq(runs.instanceId, id), eq(runs.clientId, clientId)))
    .orderBy(desc(runs.createdAt), desc(runs.correlationId))
    .limit(healthSamples);
