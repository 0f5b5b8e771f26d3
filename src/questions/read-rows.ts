import type { SQL } from "drizzle-orm";
import { z } from "zod";
import type { Plan } from "#src/kernel/questions/plan.ts";
import type { Platform } from "#src/platform.ts";
import { foldRows, type ToldRow } from "./fold-rows.ts";
import type { PlanContext } from "./plan-context.ts";
import { type KnownFilter, planStatement } from "./plan-statement.ts";
import { usageRows } from "./usage-rows.ts";

const number = z.number().nullable().catch(null);
const key = z.union([z.string(), z.number(), z.null()]).catch(null);

/** A row as the statement of a plan names its columns. */
const toldOf = ({ dimensions, measures, compare }: Plan, row: Record<string, unknown>): ToldRow => ({
  keys: dimensions.map((_, at) => key.parse(row[`d${at}`])),
  now: measures.map((_, at) => number.parse(row[`m${at}`])),
  before: compare ? measures.map((_, at) => number.parse(row[`b${at}`])) : [],
});

/**
 * The rows of a plan.
 * @param limit how many are read at most
 */
export async function readRows(
  platform: Pick<Platform, "db" | "commerce" | "usage">,
  plan: Plan,
  filters: readonly KnownFilter[],
  { asker, now, before }: PlanContext,
  limit: number,
): Promise<ToldRow[]> {
  const { dataset } = plan;
  if (dataset === "usage") {
    const rows = await usageRows(platform, asker, plan);
    const folds = foldRows(plan, filters, { now, before }, rows);
    return folds.slice(0, limit);
  }
  const { database, query } = planStatement({ ...plan, dataset, filters }, asker, { now, before }, limit);
  const rows = await rowsOf(database === "commerce" ? platform.commerce.db : platform.db, query);
  return rows.map((row) => toldOf(plan, row));
}

const rowsOf = (db: Platform["db"], query: SQL): Promise<Record<string, unknown>[]> => db.all(query);
