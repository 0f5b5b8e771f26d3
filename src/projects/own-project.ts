import type { Database } from "../db/client.ts";
import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import { assertPermission } from "../identity/principal.ts";
import { findProject, type ProjectRow } from "./project-repository.ts";

/**
 * One of the caller's own projects, or with `projects.manage` any of the tenant.
 * @throws AppError `NOT_FOUND`, also across tenants; `INSUFFICIENT_PERMISSIONS` for
 *   another owner's in the same tenant without `projects.manage` (spec 01-identity, "Projects")
 */
export async function ownProject(db: Database, principal: Principal, id: string): Promise<ProjectRow> {
  const project = await findProject(db, principal, id);
  if (!project) throw new AppError("NOT_FOUND");
  if (project.ownerId !== principal.userId) assertPermission(principal, "projects.manage");
  return project;
}
