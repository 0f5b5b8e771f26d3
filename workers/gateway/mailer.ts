import type { Context } from "hono";
import { systemClock } from "../../src/clock.ts";
import { settingsOf } from "../../src/config.ts";
import { AppError } from "../../src/http/app-error.ts";
import { developmentMailbox } from "../../src/mail/development-mailbox.ts";
import { httpMailer } from "../../src/mail/http-mailer.ts";
import type { Mailer } from "../../src/mail/mailer.ts";
import { errorFields } from "../../src/observability/logger.ts";
import type { GatewayContext } from "./context.ts";
import type { GatewayEnv } from "./env.ts";

/**
 * The configured mail provider; in development without one, the mailbox.
 * @throws AppError `UPSTREAM_UNAVAILABLE` in production without one
 */
export function mailerOf(env: GatewayEnv): Mailer {
  const { MAIL_API_URL: url, MAIL_API_KEY: key, MAIL_FROM: from, ENVIRONMENT } = settingsOf(env);
  if (url && key && from) return httpMailer({ url, key, from });
  if (ENVIRONMENT === "development") return developmentMailbox(env.CACHE, systemClock.now);
  throw new AppError("UPSTREAM_UNAVAILABLE", { message: "Mail is not configured" });
}

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
