import type { Person } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { findProject } from "#src/projects/index.ts";

/**
 * A conversation lies in a project of its own owner's or in none; visitors have no projects.
 * @throws AppError `NOT_FOUND`, the same for one that is somebody else's and for one that never was
 */
export async function requireOwnProject(
  { db }: Pick<Platform, "db">,
  { clientId, id, kind }: Person,
  projectId: string,
): Promise<void> {
  const project = kind === "user" ? await findProject(db, { clientId }, projectId) : undefined;
  if (project?.ownerId !== id) throw new AppError("NOT_FOUND", { message: "No such project" });
}
