import { AppError } from "#src/kernel/app-error.ts";
import type { Settings } from "#src/kernel/config.ts";
import { developmentMailbox } from "./development-mailbox.ts";
import { httpMailer } from "./http-mailer.ts";
import type { Mailer } from "./mailer.ts";

/**
 * The configured mail provider; in development without one, the mailbox in `store`.
 * @throws AppError `UPSTREAM_UNAVAILABLE` in production without one
 */
export function configuredMailer(
  { MAIL_API_URL: url, MAIL_API_KEY: key, MAIL_FROM: from, ENVIRONMENT }: Settings,
  store: KVNamespace,
  now: () => number,
): Mailer {
  if (url && key && from) return httpMailer({ url, key, from });
  if (ENVIRONMENT === "development") return developmentMailbox(store, now);
  throw new AppError("UPSTREAM_UNAVAILABLE", { message: "Mail is not configured" });
}
