import { AppError } from "#src/kernel/app-error.ts";
import type { Mailer } from "#src/mail/index.ts";
import type { Platform } from "#src/platform.ts";
import { makeOneTimeToken } from "../passwords/one-time-token-repository.ts";
import { tooMany } from "../passwords/too-many.ts";

/**
 * Mails a token that proves the address.
 * @throws AppError `CONFLICT` when it is proved already; `RATE_LIMITED` after too many mails
 */
export async function sendVerification(
  { db, clock }: Pick<Platform, "db" | "clock">,
  mailer: Mailer,
  user: { id: string; email: string; emailVerified: boolean },
): Promise<void> {
  if (user.emailVerified) throw new AppError("CONFLICT", { message: "The address is verified already" });
  const made = await makeOneTimeToken(db, "verify_email", user.id, clock.now());
  if (!("token" in made)) throw tooMany("Too many mails; try again later", made.retryAfterSeconds);
  await mailer.send({
    to: user.email,
    subject: "Verify your e-mail address",
    text: `Welcome. Verify this address within a day with this token:\n\n${made.token}\n`,
  });
}
