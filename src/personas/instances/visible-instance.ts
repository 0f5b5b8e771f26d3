import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findInstance, type InstanceRow } from "./instance-repository.ts";

/**
 * An instance within the caller's reach.
 * @throws AppError `NOT_FOUND`
 */
export async function visibleInstance(db: Database, actor: Account, id: string): Promise<InstanceRow> {
  const instance = await findInstance(db, actor, id);
  if (!instance) throw new AppError("NOT_FOUND");
  return instance;
}
