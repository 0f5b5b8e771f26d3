import {
  type Configuration,
  type ConfigurationKey,
  configurationFrom,
  markKeyTold,
  storedKeys,
} from "#src/configuration/index.ts";
import type { Platform } from "#src/platform.ts";
import { announceMaintenance } from "../maintenance/announce-maintenance.ts";
import { switchProviders } from "./switch-providers.ts";

/** What telling takes. */
type Telling = Pick<Platform, "db" | "clock" | "settings" | "objects" | "queues">;

/**
 * Tells of a key's value whoever does not read the configuration, as often as it takes.
 * @param version of the configuration that has set it
 * @returns how many were told
 */
type Follower = (platform: Telling, configuration: Configuration, version: number) => Promise<number>;

const followers = new Map<string, Follower>(
  Object.entries({
    maintenance: announceMaintenance,
    providers_off: switchProviders,
  } satisfies Partial<Record<ConfigurationKey, Follower>>),
);

/** The keys of which somebody is told. */
export const followedKeys: readonly string[] = [...followers.keys()];

/**
 * Tells of the keys that were changed and nobody was told of yet; behind a change, and as a cron job, which repeats what
 * a crash has kept from them. One key's failure holds up no other.
 * @returns how many were told
 */
export async function tellFollowers(platform: Telling): Promise<number> {
  const rows = await storedKeys(platform.db);
  const { configuration } = configurationFrom(rows);
  const failures: unknown[] = [];
  let told = 0;
  for (const { key, version, pending } of rows) {
    const follow = pending ? followers.get(key) : undefined;
    if (!follow) continue;
    try {
      told += await follow(platform, configuration, version);
      await markKeyTold(platform.db, { key, version });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "What was configured remains to be told");
  return told;
}
