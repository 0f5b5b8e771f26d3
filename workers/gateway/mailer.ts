import type { Context } from "hono";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { configuredMailer } from "#src/mail/configured-mailer.ts";
import type { Mailer } from "#src/mail/mailer.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";

// For routes that are no tables yet.
export const mailerOf = (env: GatewayEnv): Mailer =>
  configuredMailer(settingsOf(env), env.CACHE, systemClock.now);

export const mailLater = (
  { var: { platform } }: Context<GatewayContext>,
  mail: (mailer: Mailer) => Promise<void>,
) => platform.later("mail not sent", () => mail(platform.mailer()));
