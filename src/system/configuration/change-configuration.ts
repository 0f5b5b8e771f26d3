import { auditAction } from "#src/audit/index.ts";
import {
  type Configuration,
  configurationFrom,
  configurationKeys,
  isConfigurationAt,
  type StoredKey,
  setKeys,
  storedKeys,
} from "#src/configuration/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import { canonicalJson } from "#src/kernel/request-key.ts";
import type { Platform } from "#src/platform.ts";
import { followedKeys, tellFollowers } from "./tell-followers.ts";

const maxAttempts = 5;

interface Change {
  action: AuditAction;
  /** The version that it was made from; the latest, when it does not matter. */
  expected?: number;
}

/**
 * Sets keys of the platform's configuration, and remembers who did it with what was before and is after. What is set to
 * what it is already changes nothing.
 * @returns all keys as they are stored now
 * @throws AppError `CONFLICT` when there was another change since `expected`
 */
export async function changeConfiguration(
  platform: Platform,
  actor: Account,
  changes: Partial<Configuration>,
  { action, expected }: Change,
): Promise<StoredKey[]> {
  const { db, clock } = platform;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const rows = await storedKeys(db);
    const { configuration: before, version } = configurationFrom(rows);
    if (expected !== undefined && expected !== version) {
      throw new AppError("CONFLICT", {
        message: "The configuration has been changed meanwhile",
        details: { latest_version: version },
      });
    }
    const values = differing(before, changes);
    if (Object.keys(values).length === 0) return rows;
    const details = { version: version + 1, before: only(before, values), after: values };
    const target = { type: "config", id: "platform" };
    const [, set] = await db.batch([
      auditAction(platform, actor, { action, target, details }, isConfigurationAt(version)),
      setKeys(db, values, {
        expected: version,
        by: actor.userId,
        now: clock.now(),
        followed: followedKeys,
      }),
    ]);
    if (set.length === 0) continue;
    platform.forgetConfig();
    if (set.some(({ key }) => followedKeys.includes(key)))
      platform.later("what was configured was not told to all; the sweep will repeat it", () =>
        tellFollowers(platform),
      );
    return storedKeys(db);
  }
  throw new AppError("CONFLICT", { message: "The configuration is being changed by others; try again" });
}

/** Of some changes those that change something. */
function differing(before: Configuration, changes: Partial<Configuration>): Partial<Configuration> {
  const kept = configurationKeys.filter(
    (key) => changes[key] !== undefined && canonicalJson(changes[key]) !== canonicalJson(before[key]),
  );
  return only(changes, Object.fromEntries(kept.map((key) => [key, true])));
}

/** The keys of a configuration that something else has as well. */
const only = (
  configuration: Partial<Configuration>,
  named: Readonly<Record<string, unknown>>,
): Partial<Configuration> =>
  Object.fromEntries(Object.entries(configuration).filter(([key]) => Object.hasOwn(named, key)));
