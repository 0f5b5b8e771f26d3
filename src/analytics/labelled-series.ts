import type { Database } from "#src/db/client.ts";
import { namesOfInstances, namesOfTemplates } from "./persona-name-repository.ts";
import type { UsageSeries } from "./schemas.ts";

/**
 * Series with what people call their personas.
 * @param clientId whose personas they are; undefined where they are templates of all tenants
 */
export async function labelledSeries(
  db: Database,
  usage: UsageSeries,
  clientId: string | undefined,
): Promise<UsageSeries> {
  const ids = usage.series.flatMap(({ name }) => name ?? []);
  if (usage.by !== "persona" || ids.length === 0) return usage;
  const found = await (clientId === undefined
    ? namesOfTemplates(db, ids)
    : namesOfInstances(db, clientId, ids));
  const labels = new Map(found.map(({ id, name }) => [id, name]));
  const series = usage.series.map((one) => ({
    ...one,
    label: one.name === null ? null : (labels.get(one.name) ?? null),
  }));
  return { ...usage, series };
}
