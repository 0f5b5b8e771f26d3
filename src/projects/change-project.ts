import { isUniqueViolation } from "../db/unique-violation.ts";
import { AppError } from "../http/app-error.ts";
import type { Principal } from "../identity/principal.ts";
import { nameTaken, type ProjectContext } from "./create-project.ts";
import { ownProject } from "./own-project.ts";
import { deactivateProject, type ProjectRow, updateProjectRow } from "./project-repository.ts";
import type { UpdateProject } from "./schemas.ts";

/** Changes the fields that are given. Throws as `ownProject`, and `CONFLICT` for a taken name. */
export async function updateProject(
  { db, clock }: ProjectContext,
  principal: Principal,
  id: string,
  change: UpdateProject,
): Promise<ProjectRow> {
  const project = await ownProject(db, principal, id);
  try {
    const [changed] = await updateProjectRow(db, project, change, clock.now());
    if (!changed) throw new AppError("NOT_FOUND");
    return changed;
  } catch (error) {
    throw isUniqueViolation(error) ? nameTaken(error) : error;
  }
}

/** Deletes a project softly. Throws as `ownProject`. */
export async function deleteProject(
  { db, clock }: ProjectContext,
  principal: Principal,
  id: string,
): Promise<void> {
  const project = await ownProject(db, principal, id);
  await deactivateProject(db, project, clock.now());
}
