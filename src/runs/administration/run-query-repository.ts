import { and, desc, eq, gte, inArray, lt, min, type SQL, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { runs, workflowUses } from "#src/db/schema/index.ts";
import { finalStatuses } from "#src/engine/run-state.ts";
import type { RunStatus } from "#src/engine/run-view.ts";
import type { PageRequest } from "#src/http/page.ts";

export interface RunFilter {
  status?: RunStatus;
  clientId?: string;
  /** Started within [start, end), epoch milliseconds. */
  start?: number;
  end?: number;
}

/** Each as a partial index has it, so that it serves; of what has completed there is plenty in any order. */
function hasStatus(status: RunStatus): SQL | undefined {
  if (status === "completed") return eq(runs.status, status);
  const kind = finalStatuses.includes(status)
    ? sql`${runs.status} IN ('failed', 'cancelled')`
    : sql`${runs.completedAt} IS NULL`;
  return and(kind, eq(runs.status, status));
}

/** Runs of all tenants, newest first; for `/admin` only. One more than the limit when there are more. */
export const listRunsOfAll = (
  db: Database,
  { status, clientId, start, end }: RunFilter,
  { after, limit, offset }: PageRequest & { offset: number },
) =>
  db
    .select()
    .from(runs)
    .where(
      and(
        clientId === undefined ? undefined : eq(runs.clientId, clientId),
        status === undefined ? undefined : hasStatus(status),
        start === undefined ? undefined : gte(runs.createdAt, start),
        end === undefined ? undefined : lt(runs.createdAt, end),
        after && sql`(${runs.createdAt}, ${runs.correlationId}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(runs.createdAt), desc(runs.correlationId))
    .limit(limit + 1)
    .offset(offset);

/** A run of any tenant; for `/admin` only. */
export const findRunOfAny = (db: Database, correlationId: string) =>
  db.select().from(runs).where(eq(runs.correlationId, correlationId)).get();

/** Runs of a tenant, or of all tenants, that carried out a workflow definition, newest first; one more than the limit when there are more. */
export const pageRunsOfWorkflow = (
  db: Database,
  workflowId: string,
  clientId: string | undefined,
  { after, limit }: PageRequest,
) =>
  db
    .select({ run: runs, version: workflowUses.version })
    .from(workflowUses)
    .innerJoin(runs, eq(runs.correlationId, workflowUses.correlationId))
    .where(
      and(
        eq(workflowUses.workflowId, workflowId),
        clientId === undefined ? undefined : eq(runs.clientId, clientId),
        after && sql`(${workflowUses.createdAt}, ${workflowUses.correlationId}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(workflowUses.createdAt), desc(workflowUses.correlationId))
    .limit(limit + 1);

/** Tenants with runs that go on and of which nothing was heard since a time (epoch milliseconds), the longest first. */
export const tenantsWithQuietRuns = (db: Database, since: number, limit: number) =>
  db
    .select({ clientId: runs.clientId })
    .from(runs)
    .where(
      and(
        // Written out as the partial index has it, so that it serves.
        sql`${runs.completedAt} IS NULL`,
        inArray(runs.status, ["pending", "running", "paused"]),
        lt(runs.updatedAt, since),
      ),
    )
    .groupBy(runs.clientId)
    .orderBy(min(runs.updatedAt))
    .limit(limit);
