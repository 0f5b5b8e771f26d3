import { and, desc, eq, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { hasRow } from "../db/batch-conditions.ts";
import type { Database } from "../db/client.ts";
import { workflowDefinitions, workflowReferences, workflowVersions } from "../db/schema/index.ts";
import type { PageRequest } from "../http/page.ts";

export type WorkflowRow = typeof workflowDefinitions.$inferSelect;
export type WorkflowVersionRow = typeof workflowVersions.$inferSelect;

const living = isNull(workflowDefinitions.deletedAt);

/** A definition that was not deleted, by id or by name. Definitions belong to the platform, not to a tenant. */
export const findWorkflow = (db: Database, idOrName: string) =>
  db
    .select()
    .from(workflowDefinitions)
    .where(and(or(eq(workflowDefinitions.id, idOrName), eq(workflowDefinitions.name, idOrName)), living))
    .get();

/** Active definitions of these names; at most a few dozen names. */
export const findActiveWorkflows = (db: Database, names: readonly string[]) =>
  db
    .select()
    .from(workflowDefinitions)
    .where(
      and(inArray(workflowDefinitions.name, [...names]), living, eq(workflowDefinitions.isActive, true)),
    );

/** Definitions that were not deleted, newest first; one more than the limit when there are more. */
export const pageWorkflows = (db: Database, isActive: boolean | undefined, { after, limit }: PageRequest) =>
  db
    .select({
      id: workflowDefinitions.id,
      name: workflowDefinitions.name,
      description: workflowDefinitions.description,
      version: workflowDefinitions.version,
      isActive: workflowDefinitions.isActive,
      createdAt: workflowDefinitions.createdAt,
      updatedAt: workflowDefinitions.updatedAt,
    })
    .from(workflowDefinitions)
    .where(
      and(
        living,
        isActive === undefined ? undefined : eq(workflowDefinitions.isActive, isActive),
        after &&
          sql`(${workflowDefinitions.createdAt}, ${workflowDefinitions.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(workflowDefinitions.createdAt), desc(workflowDefinitions.id))
    .limit(limit + 1);

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

/**
 * Writes the next version over the one it was made from, and keeps it; for one
 * batch. Neither statement changes a row when `before` is no longer the latest.
 */
export const nextWorkflowStatements = (db: Database, before: WorkflowRow, after: WorkflowRow) =>
  [
    keepVersion(db, after, isLatestWorkflow(before)),
    db
      .update(workflowDefinitions)
      .set({
        description: after.description,
        plan: after.plan,
        isActive: after.isActive,
        version: after.version,
        updatedAt: after.updatedAt,
      })
      .where(latest(before)),
  ] as const;

const keepVersion = (db: Database, { id, version, description, plan, updatedAt }: WorkflowRow, when: SQL) =>
  // Columns in the order of the table.
  db.insert(workflowVersions).select(sql`
    SELECT ${id}, ${version}, ${description}, ${JSON.stringify(plan)}, ${updatedAt} WHERE ${when}`);

const unused = (id: string, name: string) =>
  and(
    eq(workflowDefinitions.id, id),
    living,
    sql`NOT EXISTS (SELECT 1 FROM ${workflowReferences} WHERE ${workflowReferences.workflowName} = ${name})`,
  );

/** True while `deleteUnusedWorkflow` would delete it. */
export const isUnusedWorkflow = ({ id, name }: Pick<WorkflowRow, "id" | "name">): SQL =>
  hasRow(workflowDefinitions, unused(id, name));

/** Deletes softly, unless a template or another definition names it; changes no row then. */
export const deleteUnusedWorkflow = (
  db: Database,
  { id, name }: Pick<WorkflowRow, "id" | "name">,
  now: number,
) =>
  db
    .update(workflowDefinitions)
    .set({ deletedAt: now, isActive: false, updatedAt: now })
    .where(unused(id, name));

/** What names a workflow; the first of them when there are many. */
export const referencesTo = (db: Database, name: string, limit: number) =>
  db
    .select({ referrerType: workflowReferences.referrerType, referrerId: workflowReferences.referrerId })
    .from(workflowReferences)
    .where(eq(workflowReferences.workflowName, name))
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
