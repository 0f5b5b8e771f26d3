import type { Platform } from "#src/platform.ts";
import { forgetFailuresOf } from "../passwords/login-failure-repository.ts";
import { removeAvatars } from "../profile/avatar-store.ts";
import {
  conversationsOf,
  type DeletedUser,
  instancesOf,
  scrubUserStatements,
  usersToScrub,
} from "./deleted-user-repository.ts";

type Scrubbing = Pick<Platform, "db" | "clock" | "settings" | "blobs" | "objects">;

/** Accounts of one sweep; the next one goes on. */
export const scrubbedAtOnce = 50;

/** Conversations of one account that one sweep erases. */
const erasedAtOnce = 500;

/**
 * The cron job: removes personal data of accounts whose deletion is longer ago
 * than the retention period, the longest deleted first. Audit rows stay, as they must,
 * and runs with their results, which are the tenant's.
 * An account that fails stays due and holds up no other.
 * @returns how many accounts were scrubbed
 * @throws AggregateError when there were failures
 */
export async function scrubDeletedUsers(platform: Scrubbing): Promise<number> {
  const { db, clock, settings } = platform;
  const deletedBefore = clock.now() - settings.DELETED_USER_RETENTION_DAYS * 86_400_000;
  const due = await usersToScrub(db, deletedBefore, scrubbedAtOnce);
  const failures: unknown[] = [];
  for (const user of due) {
    try {
      await scrub(platform, user);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "Personal data of deleted accounts remains");
  return due.length;
}

/** Files and memories first: a crash in between leaves the account due. */
async function scrub({ db, clock, blobs, objects }: Scrubbing, user: DeletedUser): Promise<void> {
  const { id, clientId, email } = user;
  await removeAvatars(blobs, clientId, id);
  const conversations = await conversationsOf(db, id, erasedAtOnce + 1);
  for (const conversation of conversations.slice(0, erasedAtOnce))
    await (await objects.conversation(clientId, conversation.id)).erase();
  // The lists still show them; the account stays due until they do not.
  if (conversations.length > 0) return;
  const instances = await instancesOf(db, id);
  if (instances.length > 0) {
    await Promise.all(
      (await objects.allMemories(clientId)).map((memories) => memories.removeMemoriesOf(instances)),
    );
  }
  await (await objects.personalisation(clientId)).erasePerson(id);
  await db.batch([forgetFailuresOf(db, email), ...scrubUserStatements(db, id, clock.now())]);
}
