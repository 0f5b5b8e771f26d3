import { database } from "#src/db/client.ts";
import type { ScrubContext } from "#src/identity/accounts/scrub-deleted-users.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import type { GatewayEnv } from "./env.ts";
import { allMemoriesOf } from "./persona-context.ts";

/** What removing the personal data of deleted accounts needs. */
export const scrubContext = (env: GatewayEnv): ScrubContext => ({
  db: database(env.DB),
  clock: systemClock,
  settings: settingsOf(env),
  blobs: env.BLOBS,
  memoriesOf: (clientId) => allMemoriesOf(env, clientId),
});
