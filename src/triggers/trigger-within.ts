import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { visibleInstance } from "#src/personas/index.ts";
import type { Platform } from "#src/platform.ts";
import { findTrigger, type TriggerRow } from "./trigger-repository.ts";

/**
 * A trigger of one of the caller's personas.
 * @throws AppError `NOT_FOUND`, also for one that is another persona's
 */
export async function triggerWithin(
  { db }: Pick<Platform, "db">,
  actor: Account,
  { instance_id, trigger_id }: { instance_id: string; trigger_id: string },
): Promise<TriggerRow> {
  await visibleInstance(db, actor, instance_id);
  const row = await findTrigger(db, trigger_id);
  if (!row || row.instanceId !== instance_id) throw new AppError("NOT_FOUND");
  return row;
}
