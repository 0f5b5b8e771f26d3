import { type AuditEntry, auditStatement } from "#src/audit/audit-repository.ts";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { nameTaken, type ProjectContext } from "./create-project.ts";
import { detachInstances, tellDetached } from "./detached-instances-statements.ts";
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
  actor: Account,
  id: string,
  change: UpdateProject,
): Promise<ProjectRow> {
  const project = await ownProject(db, actor, id);
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
  actor: Account,
  id: string,
): Promise<number> {
  const project = await ownProject(db, actor, id);
  const now = clock.now();
  const isThere = isProjectLiving(project);
  const { clientId } = project;
  const entry: Omit<AuditEntry, "clientId" | "device"> = {
    actorId: actor.userId,
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
