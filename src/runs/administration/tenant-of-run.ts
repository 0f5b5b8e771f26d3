import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { findRunOfAny } from "./run-query-repository.ts";

/**
 * The object that holds a run of any tenant, and what the read model says whose it is. One that has begun this moment,
 * and child runs, are not in the read model: those are looked for in the tenant that is named, else in the
 * administrator's own.
 * @throws AppError `NOT_FOUND` for a tenant that the administrator's rights do not reach
 */
export async function tenantOfRun(
  { db, objects }: Pick<Platform, "db" | "objects">,
  actor: Account,
  correlationId: string,
  named?: string,
) {
  const row = await findRunOfAny(db, correlationId);
  const clientId = row?.clientId ?? named ?? actor.clientId;
  if (!reaches(actor, clientId)) throw new AppError("NOT_FOUND");
  return { row, clientId, tenant: await objects.workflowsOfRun(clientId, correlationId) };
}
