import { and, desc, eq, gte, isNotNull, lt, lte, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "#src/db/client.ts";
import { runs, usage } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { InstanceRow } from "#src/personas/index.ts";
import type { RunRow } from "#src/read-models/index.ts";

export type UsageRow = typeof usage.$inferSelect;

/** The instance whose runs are asked for; found within the caller's scope before. */
type Instance = Pick<InstanceRow, "clientId" | "id">;

const runsOf = ({ clientId, id }: Instance) => and(eq(runs.instanceId, id), eq(runs.clientId, clientId));
const usageOf = ({ clientId, id }: Instance) => and(eq(usage.instanceId, id), eq(usage.clientId, clientId));

/** Runs of an instance, newest first; one more than the limit when there are more. */
export const pageRuns = (db: Database, instance: Instance, { after, limit }: PageRequest) =>
  db
    .select()
    .from(runs)
    .where(
      and(
        runsOf(instance),
        after && sql`(${runs.createdAt}, ${runs.correlationId}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(runs.createdAt), desc(runs.correlationId))
    .limit(limit + 1);

/** What a list of runs is narrowed to. */
export interface RunFilter {
  status?: RunRow["status"];
  /** Runs of these instances; at most a few dozen. */
  instanceIds?: readonly string[];
  projectId?: string;
  /** Begun within [since, until), epoch milliseconds. */
  since?: number;
  until?: number;
}

/** A user's runs, newest first; one more than the limit when there are more. */
export const pageRunsOfUser = (
  db: Database,
  { clientId, userId }: Pick<Account, "clientId" | "userId">,
  { status, instanceIds, projectId, since, until }: RunFilter,
  { after, limit }: PageRequest,
) =>
  db
    .select()
    .from(runs)
    .where(
      and(
        eq(runs.userId, userId),
        eq(runs.clientId, clientId),
        status === undefined ? undefined : eq(runs.status, status),
        instanceIds === undefined
          ? undefined
          : sql`${runs.instanceId} IN (SELECT value FROM json_each(${JSON.stringify(instanceIds)}))`,
        projectId === undefined ? undefined : eq(runs.projectId, projectId),
        since === undefined ? undefined : gte(runs.createdAt, since),
        until === undefined ? undefined : lt(runs.createdAt, until),
        after && sql`(${runs.createdAt}, ${runs.correlationId}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(runs.createdAt), desc(runs.correlationId))
    .limit(limit + 1);

/** Images an instance made, newest first; one more than the limit when there are more. */
export const pageImages = (db: Database, instance: Instance, { after, limit }: PageRequest) =>
  db
    .select({
      id: usage.id,
      correlationId: usage.correlationId,
      stepName: usage.stepName,
      createdAt: usage.createdAt,
    })
    .from(usage)
    .where(
      and(
        usageOf(instance),
        // Written out as the partial index has it, so that it serves.
        sql`${usage.agentType} = 'image-generator' AND ${usage.success} = 1`,
        after && sql`(${usage.createdAt}, ${usage.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(usage.createdAt), desc(usage.id))
    .limit(limit + 1);

/** Rows of one source of log lines before a position; `kind` is what the source's keys begin with. */
const before = (
  after: PageRequest["after"],
  at: SQLiteColumn,
  kind: string,
  id: SQLiteColumn,
): SQL | undefined =>
  after && and(lte(at, after[0]), sql`(${at} < ${after[0]} OR ${kind} || ${id} < ${after[1]})`);

/** Beginnings of keys of log lines: of what happens in one millisecond, the end of a run comes last. */
export const logKinds = { started: "a:", task: "b:", ended: "c:" } as const;

/**
 * What log lines are made of: runs by their start, finished task attempts, runs by
 * their end, each newest first and one more than the limit when there are more; for one batch.
 */
export const logSources = (db: Database, instance: Instance, { after, limit }: PageRequest) =>
  [
    db
      .select()
      .from(runs)
      .where(and(runsOf(instance), before(after, runs.createdAt, logKinds.started, runs.correlationId)))
      .orderBy(desc(runs.createdAt), desc(runs.correlationId))
      .limit(limit + 1),
    db
      .select()
      .from(usage)
      .where(and(usageOf(instance), before(after, usage.createdAt, logKinds.task, usage.id)))
      .orderBy(desc(usage.createdAt), desc(usage.id))
      .limit(limit + 1),
    db
      .select()
      .from(runs)
      .where(
        and(
          runsOf(instance),
          isNotNull(runs.completedAt),
          before(after, runs.completedAt, logKinds.ended, runs.correlationId),
        ),
      )
      .orderBy(desc(runs.completedAt), desc(runs.correlationId))
      .limit(limit + 1),
  ] as const;
