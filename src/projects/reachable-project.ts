import type { Database } from "#src/db/client.ts";
import { type Account, missingPermission } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findProject, type ProjectRow } from "./project-repository.ts";

/**
 * One of the caller's own projects, or with `projects.manage` any of the tenant.
 * @throws AppError `NOT_FOUND`, also across tenants; `INSUFFICIENT_PERMISSIONS` for
 *   another owner's in the same tenant without `projects.manage` (docs/accounts.md#projects)
 */
export async function reachableProject(db: Database, actor: Account, id: string): Promise<ProjectRow> {
  const project = await findProject(db, actor, id);
  if (!project) throw new AppError("NOT_FOUND");
  if (project.ownerId !== actor.userId && actor.scope === "own") throw missingPermission("projects.manage");
  return project;
}
