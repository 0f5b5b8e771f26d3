import { and, desc, eq, getTableColumns, gte, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "#src/db/client.ts";
import { runs, usage } from "#src/db/schema/index.ts";
import type { PageRequest, Position } from "#src/http/page.ts";
import type { RunFilter } from "#src/objects/history-api.ts";
import type { InstanceOfHistory, LogRows, UserOfHistory } from "./run-history.ts";

/*
 * Runs of releases before whose history is in D1 alone, until their objects have taken it over (hand-over.ts). All of
 * this goes once no such release is run any more.
 */

const { openTasks, historyRevision, ...runColumns } = getTableColumns(runs);

/** Written out as the partial index has it, so that it serves. */
const isOlder = sql`(${runs.historyRevision} IS NULL OR ${runs.historyRevision} < ${runs.revision})`;

const ofInstance = ({ clientId, id }: InstanceOfHistory) =>
  and(isOlder, eq(runs.clientId, clientId), eq(runs.instanceId, id));

const attemptsOf = ({ clientId, id }: InstanceOfHistory) =>
  and(
    eq(usage.instanceId, id),
    eq(usage.clientId, clientId),
    sql`EXISTS (SELECT 1 FROM ${runs} WHERE ${runs.correlationId} = ${usage.correlationId} AND ${isOlder})`,
  );

const behind = (at: SQLiteColumn, id: SQLiteColumn, after: Position | undefined): SQL | undefined =>
  after && sql`(${at}, ${id}) < (${after[0]}, ${after[1]})`;

/** Runs of an instance, newest first; one more than the limit when there are more. */
export const olderRunsOfInstance = (
  db: Database,
  instance: InstanceOfHistory,
  { after, limit }: PageRequest,
) =>
  db
    .select(runColumns)
    .from(runs)
    .where(and(ofInstance(instance), behind(runs.createdAt, runs.correlationId, after)))
    .orderBy(desc(runs.createdAt), desc(runs.correlationId))
    .limit(limit + 1);

/** A user's runs, newest first; one more than the limit when there are more. */
export const olderRunsOfUser = (
  db: Database,
  { clientId, userId }: UserOfHistory,
  { status, instanceIds, projectId, since, until }: RunFilter,
  { after, limit }: PageRequest,
) =>
  db
    .select(runColumns)
    .from(runs)
    .where(
      and(
        isOlder,
        eq(runs.clientId, clientId),
        eq(runs.userId, userId),
        status === undefined ? undefined : eq(runs.status, status),
        instanceIds === undefined
          ? undefined
          : sql`${runs.instanceId} IN (SELECT value FROM json_each(${JSON.stringify(instanceIds)}))`,
        projectId === undefined ? undefined : eq(runs.projectId, projectId),
        since === undefined ? undefined : gte(runs.createdAt, since),
        until === undefined ? undefined : lt(runs.createdAt, until),
        behind(runs.createdAt, runs.correlationId, after),
      ),
    )
    .orderBy(desc(runs.createdAt), desc(runs.correlationId))
    .limit(limit + 1);

/** Images that an instance made, newest first; one more than the limit when there are more. */
export const olderImages = (db: Database, instance: InstanceOfHistory, { after, limit }: PageRequest) =>
  db
    .select()
    .from(usage)
    .where(
      and(
        attemptsOf(instance),
        // Written out as the partial index has it, so that it serves.
        sql`${usage.agentType} = 'image-generator' AND ${usage.success} = 1`,
        behind(usage.createdAt, usage.id, after),
      ),
    )
    .orderBy(desc(usage.createdAt), desc(usage.id))
    .limit(limit + 1);

/** What log lines are made of: runs by their start, finished attempts, runs by their end; for one batch. */
export const olderLogSources = (
  db: Database,
  instance: InstanceOfHistory,
  { begun, attempts, ended }: Record<keyof LogRows, PageRequest>,
) =>
  [
    olderRunsOfInstance(db, instance, begun),
    db
      .select()
      .from(usage)
      .where(and(attemptsOf(instance), behind(usage.createdAt, usage.id, attempts.after)))
      .orderBy(desc(usage.createdAt), desc(usage.id))
      .limit(attempts.limit + 1),
    db
      .select(runColumns)
      .from(runs)
      .where(
        and(
          ofInstance(instance),
          isNotNull(runs.completedAt),
          behind(runs.completedAt, runs.correlationId, ended.after),
        ),
      )
      .orderBy(desc(runs.completedAt), desc(runs.correlationId))
      .limit(ended.limit + 1),
  ] as const;

/** Of runs that have ended: those that go on are counted by their objects, which have them. */
const figures = {
  total: sql<number>`count(${runs.completedAt})`,
  completed: sql<number>`coalesce(sum(${runs.status} = 'completed'), 0)`,
  failed: sql<number>`coalesce(sum(${runs.status} = 'failed'), 0)`,
  queued: sql<number>`0`,
  ended: sql<number>`count(${runs.completedAt})`,
  ranMs: sql<number>`coalesce(sum(${runs.completedAt} - ${runs.createdAt}), 0)`,
  lastAt: sql<number | null>`max(${runs.createdAt})`,
  fuel: sql<number>`coalesce(sum(CASE WHEN ${runs.completedAt} IS NOT NULL THEN ${runs.fuelSpent} END), 0)`,
};

export const olderFiguresOfInstance = (db: Database, instance: InstanceOfHistory) =>
  db.select(figures).from(runs).where(ofInstance(instance)).get();

/** @param since epoch milliseconds */
export const olderFiguresOfTenant = (db: Database, clientId: string, since: number) =>
  db
    .select({
      runs: figures.total,
      recentRuns: sql<number>`coalesce(sum(${runs.completedAt} >= ${since}), 0)`,
      fuel: figures.fuel,
    })
    .from(runs)
    .where(and(isOlder, eq(runs.clientId, clientId)))
    .get();

/** What a user has completed since a time. */
export const olderContentOfUser = async (
  db: Database,
  { clientId, userId }: UserOfHistory,
  since: number,
): Promise<number> => {
  const row = await db
    .select({ count: sql<number>`count(*)` })
    .from(runs)
    .where(
      and(
        isOlder,
        eq(runs.clientId, clientId),
        eq(runs.userId, userId),
        eq(runs.status, "completed"),
        gte(runs.completedAt, since),
      ),
    )
    .get();
  return row?.count ?? 0;
};

/** Runs whose history is in D1 alone, the newest of a tenant first. */
export const olderRuns = (db: Database, limit: number, except: readonly string[] = []) =>
  db
    .select(runColumns)
    .from(runs)
    .where(
      and(isOlder, sql`${runs.clientId} NOT IN (SELECT value FROM json_each(${JSON.stringify(except)}))`),
    )
    .orderBy(desc(runs.clientId), desc(runs.createdAt), desc(runs.correlationId))
    .limit(limit);

/** Whether a tenant has any of them. */
export const hasOlderRuns = async (db: Database, clientId: string): Promise<boolean> =>
  (await db
    .select({ id: runs.correlationId })
    .from(runs)
    .where(and(isOlder, eq(runs.clientId, clientId)))
    .get()) !== undefined;

/** Attempts of runs, as releases before wrote them. */
export const attemptsOfRuns = (db: Database, correlationIds: readonly string[]) =>
  db
    .select()
    .from(usage)
    .where(sql`${usage.correlationId} IN (SELECT value FROM json_each(${JSON.stringify(correlationIds)}))`);

/** Notes that runs' objects have them, as they were in a revision. */
export const markHandedOver = (db: Database, rows: readonly { correlationId: string; revision: number }[]) =>
  db
    .update(runs)
    .set({ historyRevision: sql`handed.value ->> 1` })
    .from(
      sql`json_each(${JSON.stringify(rows.map(({ correlationId, revision }) => [correlationId, revision]))}) AS handed`,
    )
    .where(sql`${runs.correlationId} = handed.value ->> 0`);
