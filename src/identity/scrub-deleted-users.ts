import type { Clock } from "../clock.ts";
import type { Settings } from "../config.ts";
import type { Database } from "../db/client.ts";
import { removeAvatars } from "./avatar-store.ts";
import { scrubUserStatements, usersToScrub } from "./user-repository.ts";

const atOnce = 100;

/**
 * The cron job: removes personal data of accounts whose deletion is longer ago
 * than the retention period. Audit rows stay, as they must.
 * @returns how many accounts
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
  const due = await usersToScrub(db, deletedBefore, atOnce);
  for (const { id, clientId } of due) {
    // Files first: a crash in between leaves the account due.
    await removeAvatars(blobs, clientId, id);
    await db.batch(scrubUserStatements(db, id, clock.now()));
  }
  return due.length;
}
