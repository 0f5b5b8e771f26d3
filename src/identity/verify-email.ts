import { AppError } from "../http/app-error.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { makeOneTimeToken, useOneTimeToken } from "./one-time-token-repository.ts";
import { markEmailVerified } from "./user-repository.ts";

/** Mails a token that proves the address. */
export async function sendVerification(
  { db, clock }: IdentityContext,
  mailer: Mailer,
  user: { id: string; email: string },
): Promise<void> {
  const token = await makeOneTimeToken(db, "verify_email", user.id, clock.now());
  await mailer.send({
    to: user.email,
    subject: "Verify your e-mail address",
    text: `Welcome. Verify this address within a day with this token:\n\n${token}\n`,
  });
}

/** @throws AppError `TOKEN_INVALID` for a token that is unknown, used or too old */
export async function verifyEmail({ db, clock }: IdentityContext, token: string): Promise<void> {
  const now = clock.now();
  const userId = await useOneTimeToken(db, "verify_email", token, now);
  if (userId === undefined) throw new AppError("TOKEN_INVALID");
  await markEmailVerified(db, userId, now);
}
