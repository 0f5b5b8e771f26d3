import { carryImportOn } from "#src/administration/user-import/consume-imports.ts";
import type { ImportContext } from "#src/administration/user-import/continue-import.ts";
import { database } from "#src/db/client.ts";
import { systemClock } from "#src/kernel/clock.ts";
import type { Logger } from "#src/observability/logger.ts";
import type { GatewayEnv } from "./env.ts";
import { mailerOf } from "./mailer.ts";

/** What taking accounts over needs. */
export const importContext = (env: GatewayEnv, logger: Logger): ImportContext => ({
  db: database(env.DB),
  clock: systemClock,
  blobs: env.BLOBS,
  mailerOf: () => mailerOf(env),
  logger,
});

/** Has an import gone on with by the events Worker. */
export const carryOn = (env: GatewayEnv) => carryImportOn(env.USER_IMPORTS);
