import { z } from "@hono/zod-openapi";
import type { Mailer } from "#src/mail/index.ts";
import { openOperation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { limitMails } from "../accounts/limit-mails.ts";
import { findUserByEmail } from "../accounts/user-repository.ts";
import { emailSchema, messageSchema } from "../schemas.ts";
import { makeOneTimeToken } from "./one-time-token-repository.ts";

export const forgotPassword = openOperation({
  name: "forgotPassword",
  summary: "Ask for a password-reset mail; the answer is the same whether or not the account exists",
  input: z.object({ body: z.strictObject({ email: emailSchema }).openapi("ForgotPassword") }),
  output: messageSchema,
  refusals: ["RATE_LIMITED", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, { device }, { body: { email } }) => {
    await limitMails(platform, device.ip);
    const mailer = platform.mailer();
    // After the answer: how long it takes must not tell whether the account exists.
    platform.later("mail not sent", () => mailResetToken(platform, mailer, email));
    return { message: "If the account exists, a mail is on its way" };
  },
});

/** Mails a reset token, if the account exists and is active. */
async function mailResetToken(
  { db, clock }: Pick<Platform, "db" | "clock">,
  mailer: Mailer,
  email: string,
): Promise<void> {
  const found = await findUserByEmail(db, email);
  if (!found?.user.isActive || !found.clientActive) return;
  const made = await makeOneTimeToken(db, "reset_password", found.user.id, clock.now());
  if (!("token" in made)) return;
  await mailer.send({
    to: email,
    subject: "Reset your password",
    text: `Somebody asked for a new password for this address. If it was you, use this token within an hour:\n\n${made.token}\n`,
  });
}
