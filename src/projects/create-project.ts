import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Clock } from "#src/kernel/clock.ts";
import { insertWithinQuota, type ProjectRow } from "./project-repository.ts";
import type { CreateProject } from "./schemas.ts";

export interface ProjectContext {
  db: Database;
  clock: Clock;
}

/** The refusal for a name that another active project of the owner has. */
export const nameTaken = (cause: unknown): AppError =>
  new AppError("CONFLICT", { message: "You have a project with this name", cause });

/**
 * Makes a project for the caller.
 * @throws AppError `CONFLICT` for a taken name; `QUOTA_EXCEEDED`
 */
export async function createProject(
  { db, clock }: ProjectContext,
  { clientId, userId }: Account,
  { name, description }: CreateProject,
): Promise<ProjectRow> {
  const now = clock.now();
  const row: ProjectRow = {
    id: uuidv7({ msecs: now }),
    clientId,
    ownerId: userId,
    name,
    description,
    isActive: true,
    createdAt: now,
    updatedAt: now,
  };
  try {
    if (!(await insertWithinQuota(db, row)))
      throw new AppError("QUOTA_EXCEEDED", { details: { resource: "projects" } });
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken(error) : error;
  }
  return row;
}
