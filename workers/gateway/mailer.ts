import type { Context } from "hono";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { configuredMailer } from "#src/mail/configured-mailer.ts";
import type { Mailer } from "#src/mail/mailer.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";

/** The mailer that the Worker is configured with. */
export const mailerOf = (env: GatewayEnv): Mailer =>
  configuredMailer(settingsOf(env), env.CACHE, systemClock.now);

/** Mails after the answer has gone; what fails is logged. */
export function mailLater(c: Context<GatewayContext>, mail: (mailer: Mailer) => Promise<void>): void {
  const attempt = async () => {
    try {
      await mail(mailerOf(c.env));
    } catch (error) {
      c.var.logger.error("mail not sent", errorFields(error));
    }
  };
  c.executionCtx.waitUntil(attempt());
}
