import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { projects } from "#src/db/schema/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { withinProjectQuota } from "#src/subscriptions/index.ts";
import type { UpdateProject } from "./schemas.ts";

export type ProjectRow = typeof projects.$inferSelect;

/** The caller's own projects, newest first; one more than the limit when there are more. */
export const listProjects = (db: Database, { clientId, userId }: Account, { after, limit }: PageRequest) =>
  db
    .select()
    .from(projects)
    .where(
      and(
        eq(projects.ownerId, userId),
        eq(projects.isActive, true),
        eq(projects.clientId, clientId),
        after && sql`(${projects.createdAt}, ${projects.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(projects.createdAt), desc(projects.id))
    .limit(limit + 1);

/** An active project of the caller's tenant, whoever owns it. */
export const findProject = (db: Database, { clientId }: Pick<Account, "clientId">, id: string) =>
  db
    .select()
    .from(projects)
    .where(and(eq(projects.id, id), eq(projects.clientId, clientId), eq(projects.isActive, true)))
    .get();

/** Inserts within the owner's quota, check and insert in one statement; false when the quota is used up. */
export async function insertWithinQuota(db: Database, row: ProjectRow): Promise<boolean> {
  const inserted = await insertWhere(db, projects, row, withinProjectQuota(row.ownerId));
  return inserted.meta.changes > 0;
}

const living = ({ id, ownerId, clientId }: Pick<ProjectRow, "id" | "ownerId" | "clientId">) =>
  and(
    eq(projects.id, id),
    eq(projects.ownerId, ownerId),
    eq(projects.clientId, clientId),
    eq(projects.isActive, true),
  );

/** Changes a project that is still there; the changed row comes back. */
export const updateProjectRow = (db: Database, project: ProjectRow, change: UpdateProject, now: number) =>
  db
    .update(projects)
    .set({ ...columnsOf(change), updatedAt: now })
    .where(living(project))
    .returning();

/** True while a project is there. */
export const isProjectLiving = (project: Pick<ProjectRow, "id" | "ownerId" | "clientId">): SQL =>
  hasRow(projects, living(project));

/** Deletes softly: the name and the place in the quota are free again. */
export const deactivateProject = (db: Database, project: ProjectRow, now: number) =>
  db.update(projects).set({ isActive: false, updatedAt: now }).where(living(project));
