import type { Database } from "#src/db/client.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { Settings } from "#src/kernel/config.ts";
import type { TenantMemoryApi } from "#src/objects/tenant-memory-api.ts";
import { forgetFailuresOf } from "../passwords/login-failure-repository.ts";
import { removeAvatars } from "../profile/avatar-store.ts";
import {
  type DeletedUser,
  instancesOf,
  scrubUserStatements,
  usersToScrub,
} from "./deleted-user-repository.ts";

export interface ScrubContext {
  db: Database;
  clock: Clock;
  settings: Settings;
  blobs: R2Bucket;
  /** Every object with memories of a tenant's persona instances. */
  memoriesOf(clientId: string): readonly Pick<TenantMemoryApi, "removeMemoriesOf">[];
}

/** Accounts of one sweep; the next one goes on. */
export const scrubbedAtOnce = 50;

/**
 * The cron job: removes personal data of accounts whose deletion is longer ago
 * than the retention period, the longest deleted first. Audit rows stay, as they must,
 * and runs with their results, which are the tenant's.
 * An account that fails stays due and holds up no other.
 * @returns how many accounts were scrubbed
 * @throws AggregateError when there were failures
 */
export async function scrubDeletedUsers(context: ScrubContext): Promise<number> {
  const { db, clock, settings } = context;
  const deletedBefore = clock.now() - settings.DELETED_USER_RETENTION_DAYS * 86_400_000;
  const due = await usersToScrub(db, deletedBefore, scrubbedAtOnce);
  const failures: unknown[] = [];
  for (const user of due) {
    try {
      await scrub(context, user);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Personal data of deleted accounts remains");
  return due.length;
}

/** Files and memories first: a crash in between leaves the account due. */
async function scrub({ db, clock, blobs, memoriesOf }: ScrubContext, user: DeletedUser): Promise<void> {
  const { id, clientId, email } = user;
  await removeAvatars(blobs, clientId, id);
  const instances = await instancesOf(db, id);
  if (instances.length > 0) {
    await Promise.all(memoriesOf(clientId).map((memories) => memories.removeMemoriesOf(instances)));
  }
  await db.batch([forgetFailuresOf(db, email), ...scrubUserStatements(db, id, clock.now())]);
}
