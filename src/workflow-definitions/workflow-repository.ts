import { and, desc, eq, getTableColumns, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import {
  templates,
  workflowDefinitions,
  workflowReferences,
  workflowVersions,
} from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { type Owner, ownLast, readableBy, readableRanges, usableBy } from "#src/tenants/index.ts";

export type WorkflowRow = typeof workflowDefinitions.$inferSelect;
export type WorkflowVersionRow = typeof workflowVersions.$inferSelect;

const living = isNull(workflowDefinitions.deletedAt);

/** A definition that was not deleted, by id, or by name: the caller's own before the platform's. */
export const findWorkflow = (db: Database, actor: Account, idOrName: string) =>
  db
    .select()
    .from(workflowDefinitions)
    .where(
      and(
        living,
        or(
          and(eq(workflowDefinitions.id, idOrName), readableBy(workflowDefinitions.clientId, actor)),
          and(eq(workflowDefinitions.name, idOrName), usableBy(workflowDefinitions.clientId, actor.clientId)),
        ),
      ),
    )
    .orderBy(sql`${workflowDefinitions.clientId} IS NULL`)
    .get();

/** Active definitions of these names that an owner's plans can start, one a name; at most a few dozen names. */
export async function findActiveWorkflows(
  db: Database,
  owner: Owner,
  names: readonly string[],
): Promise<WorkflowRow[]> {
  const rows = await db
    .select()
    .from(workflowDefinitions)
    .where(
      and(
        inArray(workflowDefinitions.name, [...names]),
        living,
        eq(workflowDefinitions.isActive, true),
        usableBy(workflowDefinitions.clientId, owner),
      ),
    );
  return [...new Map(ownLast(rows).map((row) => [row.name, row])).values()];
}

/** What a list says of a definition: its plan may be large. */
const { plan, deletedAt, ...listed } = getTableColumns(workflowDefinitions);

/** Definitions that were not deleted and that the caller can read, newest first; one more than the limit when there are more. */
export function pageWorkflows(
  db: Database,
  actor: Account,
  isActive: boolean | undefined,
  { after, limit }: PageRequest,
) {
  const range = (within: SQL | undefined) =>
    db
      .select(listed)
      .from(workflowDefinitions)
      .where(
        and(
          living,
          within,
          isActive === undefined ? undefined : eq(workflowDefinitions.isActive, isActive),
          after &&
            sql`(${workflowDefinitions.createdAt}, ${workflowDefinitions.id}) < (${after[0]}, ${after[1]})`,
        ),
      );
  const newestFirst = [desc(workflowDefinitions.createdAt), desc(workflowDefinitions.id)] as const;
  const [first, second] = readableRanges(workflowDefinitions.clientId, actor);
  return second === undefined
    ? range(first)
        .orderBy(...newestFirst)
        .limit(limit + 1)
    : range(first)
        .unionAll(range(second))
        .orderBy(...newestFirst)
        .limit(limit + 1);
}

const latest = ({ id, version }: WorkflowRow) =>
  and(eq(workflowDefinitions.id, id), eq(workflowDefinitions.version, version), living);

/** True while a definition is as it was read; once it has just been made, too. */
export const isLatestWorkflow = (row: WorkflowRow): SQL => hasRow(workflowDefinitions, latest(row));

/** The definition with its first version, for one batch; changes no row when a living one has the name. */
export const newWorkflowStatements = (db: Database, row: WorkflowRow) =>
  [
    db.insert(workflowDefinitions).values(row).onConflictDoNothing(),
    keepVersion(db, row, isLatestWorkflow(row)),
  ] as const;

/** A definition without what its versions have in common. */
const changing = ({ id, clientId, name, createdAt, deletedAt, ...rest }: WorkflowRow) => rest;

/**
 * Writes the next version over the one it was made from, and keeps it; for one
 * batch. Neither statement changes a row when `before` is no longer the latest.
 */
export const nextWorkflowStatements = (db: Database, before: WorkflowRow, after: WorkflowRow) =>
  [
    keepVersion(db, after, isLatestWorkflow(before)),
    db.update(workflowDefinitions).set(changing(after)).where(latest(before)),
  ] as const;

const keepVersion = (db: Database, { id, updatedAt, ...content }: WorkflowRow, when: SQL) =>
  insertWhere(db, workflowVersions, { ...content, workflowId: id, createdAt: updatedAt }, when);

/** The tenant that what refers belongs to; null for the platform's. */
const referrerOwner = sql`coalesce(
  (SELECT t.client_id FROM ${templates} t WHERE t.id = ${workflowReferences.referrerId}),
  (SELECT w.client_id FROM ${workflowDefinitions} w WHERE w.id = ${workflowReferences.referrerId})
)`;

/**
 * That a reference means the definition of that owner: a tenant's own is meant by the tenant's things only, the
 * platform's by those of everybody who has no active one of the name.
 */
const refersTo = (name: string, owner: Owner): SQL | undefined =>
  and(
    eq(workflowReferences.workflowName, name),
    owner === null
      ? sql`NOT EXISTS (SELECT 1 FROM ${workflowDefinitions} own WHERE own.name = ${name}
          AND own.client_id = ${referrerOwner} AND own.deleted_at IS NULL AND own.is_active = 1)`
      : sql`${referrerOwner} = ${owner}`,
  );

const unused = ({ id, name, clientId }: Pick<WorkflowRow, "id" | "name" | "clientId">) =>
  and(
    eq(workflowDefinitions.id, id),
    living,
    sql`NOT EXISTS (SELECT 1 FROM ${workflowReferences} WHERE ${refersTo(name, clientId)})`,
  );

/** True while `deleteUnusedWorkflow` would delete it. */
export const isUnusedWorkflow = (row: Parameters<typeof unused>[0]): SQL =>
  hasRow(workflowDefinitions, unused(row));

/** Deletes softly, unless a template or another definition names it; changes no row then. */
export const deleteUnusedWorkflow = (db: Database, row: Parameters<typeof unused>[0], now: number) =>
  db.update(workflowDefinitions).set({ deletedAt: now, isActive: false, updatedAt: now }).where(unused(row));

/** What names a workflow; the first of them when there are many. */
export const referencesTo = (
  db: Database,
  { name, clientId }: Pick<WorkflowRow, "name" | "clientId">,
  limit: number,
) =>
  db
    .select({ referrerType: workflowReferences.referrerType, referrerId: workflowReferences.referrerId })
    .from(workflowReferences)
    .where(refersTo(name, clientId))
    .limit(limit);

/** Versions of a definition below a number, newest first. */
export const pageWorkflowVersions = (
  db: Database,
  workflowId: string,
  below: number | undefined,
  limit: number,
) =>
  db
    .select()
    .from(workflowVersions)
    .where(
      and(
        eq(workflowVersions.workflowId, workflowId),
        below === undefined ? undefined : lt(workflowVersions.version, below),
      ),
    )
    .orderBy(desc(workflowVersions.version))
    .limit(limit);
