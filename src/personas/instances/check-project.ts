import type { Database } from "#src/db/client.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findProject } from "#src/projects/index.ts";
import type { InstanceRow } from "./instance-repository.ts";

/**
 * An instance lies in a project of its own owner or in none.
 * @throws AppError `NOT_FOUND`, also across tenants; `INSUFFICIENT_PERMISSIONS` for another
 *   owner's in the same tenant (docs/accounts.md#projects)
 */
export async function requireProjectOf(
  db: Database,
  { clientId, ownerUserId }: Pick<InstanceRow, "clientId" | "ownerUserId">,
  projectId: string,
): Promise<void> {
  const project = await findProject(db, { clientId }, projectId);
  if (!project) throw new AppError("NOT_FOUND", { message: "No such project" });
  if (project.ownerId !== ownerUserId) throw new AppError("INSUFFICIENT_PERMISSIONS");
}
