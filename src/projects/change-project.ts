import { isUniqueViolation } from "../db/unique-violation.ts";
import { AppError } from "../http/app-error.ts";
import { type AuditEntry, auditStatement } from "../identity/audit-repository.ts";
import type { Device } from "../identity/device.ts";
import type { Principal } from "../identity/principal.ts";
import { detachInstances, tellDetached } from "../personas/detached-instances-statements.ts";
import { nameTaken, type ProjectContext } from "./create-project.ts";
import { ownProject } from "./own-project.ts";
import {
  deactivateProject,
  isProjectLiving,
  type ProjectRow,
  updateProjectRow,
} from "./project-repository.ts";
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

/**
 * Deletes a project softly. The persona instances in it stay: they are in no project any more, and their owner is
 * told of each. Throws as `ownProject`.
 * @returns how many instances were in it
 */
export async function deleteProject(
  { db, clock, device }: ProjectContext & { device: Device },
  principal: Principal,
  id: string,
): Promise<number> {
  const project = await ownProject(db, principal, id);
  const now = clock.now();
  const isThere = isProjectLiving(project);
  const { clientId } = project;
  const entry: Omit<AuditEntry, "clientId" | "device"> = {
    actorId: principal.userId,
    action: "project.deleted",
    target: { type: "project", id },
  };
  // Last what the others ask for.
  const [, , detached] = await db.batch([
    auditStatement(db, { ...entry, clientId, device }, now, isThere),
    tellDetached(db, project, now, isThere),
    detachInstances(db, project, now, isThere),
    deactivateProject(db, project, now),
  ]);
  return detached.meta.changes;
}
