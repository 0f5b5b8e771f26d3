import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { type Gates, notifyTiers } from "./notify-gates.ts";

/**
 * Makes changed tiers count everywhere: at once here, within the lease time in other isolates. The change itself has
 * been made: what cannot be told now, the sweep tells.
 */
export async function countTiers(
  platform: Gates & Pick<Platform, "log">,
  ...userIds: string[]
): Promise<void> {
  try {
    await notifyTiers(platform, userIds);
  } catch (error) {
    platform.log.warn("access gates have not heard of tiers, the sweep tells them", errorFields(error));
  }
}
