import { endRights, shutOut } from "#src/identity/index.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import type { ChangedUser } from "./change-users.ts";

type Following = Pick<Platform, "db" | "clock" | "settings" | "objects" | "log" | "told">;

/**
 * What follows a change of an account: its tenant hears of it, and the sessions that ended with it are shut out.
 * @param rightsLost whether they ended because the account may do less: its sockets hear that
 * @throws AppError `UPSTREAM_UNAVAILABLE` when the tenant's objects cannot be told yet
 */
export async function followUp(
  platform: Following,
  { user, ended }: ChangedUser,
  rightsLost = false,
): Promise<void> {
  platform.told(user.clientId);
  if (rightsLost && ended.length > 0) await tellOfRights(platform, user);
  await shutOut(platform, user.clientId, ...ended);
}

/** Only the reason is lost when the hub does not answer: the sockets end with their sessions in any case. */
async function tellOfRights(platform: Following, { clientId, id }: ChangedUser["user"]): Promise<void> {
  try {
    await endRights(platform, clientId, id);
  } catch (error) {
    platform.log.warn("the sockets of an account did not hear of its rights", errorFields(error));
  }
}
