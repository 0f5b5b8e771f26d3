import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { runs, templates } from "#src/db/schema/index.ts";
import type { TemplateOfInstance } from "../views.ts";
import type { InstanceRow } from "./instance-repository.ts";

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

/** Templates, also deleted ones, that instances were made from, by id. */
export async function templatesOf(
  db: Database,
  instances: readonly InstanceRow[],
): Promise<Map<string, TemplateOfInstance>> {
  if (instances.length === 0) return new Map();
  const { id, name, description, category } = templates;
  const ids = new Set(instances.map(({ templateId }) => templateId));
  const rows = await db
    .select({ id, name, description, category })
    .from(templates)
    .where(inArray(id, [...ids]));
  return new Map(rows.map((row): [string, TemplateOfInstance] => [row.id, row]));
}
