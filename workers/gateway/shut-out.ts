import { database } from "#src/db/client.ts";
import { countTiers as count } from "#src/identity/gates/count-tiers.ts";
import { shutOut as shut } from "#src/identity/gates/shut-out.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { objectsOf } from "#src/objects/objects.ts";
import { createLogger } from "#src/observability/logger.ts";
import type { GatewayEnv } from "./env.ts";

// For routes that are no tables yet.
const bits = (env: GatewayEnv) => ({
  db: database(env.DB),
  clock: systemClock,
  settings: settingsOf(env),
  objects: objectsOf(env, settingsOf(env)),
  log: createLogger("gateway"),
});

export const shutOut = (env: GatewayEnv, clientId: string, ...sessionIds: string[]): Promise<void> =>
  shut(bits(env), clientId, ...sessionIds);

export const countTiers = (env: GatewayEnv, ...userIds: string[]): Promise<void> =>
  count(bits(env), ...userIds);
