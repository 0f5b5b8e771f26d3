import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { deletedUsersWithRuns } from "./deleted-user-repository.ts";

const atOnce = 100;

async function stopRuns(
  { objects }: Pick<Platform, "objects">,
  { id, clientId }: { id: string; clientId: string },
): Promise<void> {
  await Promise.all(
    (await objects.allWorkflows(clientId)).map((workflows) =>
      workflows.cancelRunsOfUser(id, "The account was deleted"),
    ),
  );
}

/** Cancels what a deleted account still executes; a failure is logged and left to the sweep. */
export async function stopRunsOf(
  platform: Pick<Platform, "objects" | "log">,
  user: { id: string; clientId: string },
): Promise<void> {
  try {
    await stopRuns(platform, user);
  } catch (error) {
    platform.log.error("runs of a deleted account go on; the sweep will repeat it", errorFields(error));
  }
}

/** Cancels what accounts that were just deleted still execute, as the sweep does, which takes up what this leaves. */
export const stopRunsLater = (platform: Pick<Platform, "db" | "objects" | "later">): void =>
  platform.later("runs of deleted accounts go on; the sweep will repeat it", () =>
    sweepRunsOfDeleted(platform),
  );

/**
 * The cron job: cancels what was missed when an account was deleted. One tenant's failure holds up no other.
 * @returns how many accounts still executed something
 */
export async function sweepRunsOfDeleted(platform: Pick<Platform, "db" | "objects">): Promise<number> {
  const users = await deletedUsersWithRuns(platform.db, atOnce);
  const results = await Promise.allSettled(users.map((user) => stopRuns(platform, user)));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw new AggregateError(failures, "Runs of deleted accounts go on");
  return users.length;
}
