import type { Clock } from "../clock.ts";
import type { Settings } from "../config.ts";
import type { Database } from "../db/client.ts";
import { removeAvatars } from "./avatar-store.ts";
import { scrubUserStatements, usersToScrub } from "./deleted-user-repository.ts";
import { forgetFailuresOf } from "./login-failure-repository.ts";

/** Accounts of one sweep; the next one goes on. */
export const scrubbedAtOnce = 100;

/**
 * The cron job: removes personal data of accounts whose deletion is longer ago
 * than the retention period, the longest deleted first. Audit rows stay, as they must.
 * An account that fails stays due and holds up no other.
 * @returns how many accounts were scrubbed
 * @throws AggregateError when there were failures
 */
export async function scrubDeletedUsers({
  db,
  clock,
  settings,
  blobs,
}: {
  db: Database;
  clock: Clock;
  settings: Settings;
  blobs: R2Bucket;
}): Promise<number> {
  const deletedBefore = clock.now() - settings.DELETED_USER_RETENTION_DAYS * 86_400_000;
  const due = await usersToScrub(db, deletedBefore, scrubbedAtOnce);
  const failures: unknown[] = [];
  for (const { id, clientId, email } of due) {
    try {
      // Files first: a crash in between leaves the account due.
      await removeAvatars(blobs, clientId, id);
      await db.batch([forgetFailuresOf(db, email), ...scrubUserStatements(db, id, clock.now())]);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Personal data of deleted accounts remains");
  return due.length;
}
