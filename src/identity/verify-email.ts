import { previousChanged } from "../db/batch-conditions.ts";
import { AppError } from "../http/app-error.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { findOneTimeToken, makeOneTimeToken, useOneTimeToken } from "./one-time-token-repository.ts";
import { markEmailVerified } from "./user-repository.ts";

/**
 * Mails a token that proves the address.
 * @throws AppError `CONFLICT` when it is proved already; `RATE_LIMITED` after too many mails
 */
export async function sendVerification(
  { db, clock }: IdentityContext,
  mailer: Mailer,
  user: { id: string; email: string; emailVerified?: boolean },
): Promise<void> {
  if (user.emailVerified) throw new AppError("CONFLICT", { message: "The address is verified already" });
  const token = await makeOneTimeToken(db, "verify_email", user.id, clock.now());
  if (token === undefined) {
    throw new AppError("RATE_LIMITED", {
      message: "Too many mails; try again later",
      headers: { "Retry-After": "3600" },
    });
  }
  await mailer.send({
    to: user.email,
    subject: "Verify your e-mail address",
    text: `Welcome. Verify this address within a day with this token:\n\n${token}\n`,
  });
}

/** @throws AppError `TOKEN_INVALID` for a token that is unknown, used or too old */
export async function verifyEmail({ db, clock }: IdentityContext, token: string): Promise<void> {
  const now = clock.now();
  const found = await findOneTimeToken(db, ["verify_email"], token, now);
  if (!found) throw new AppError("TOKEN_INVALID");
  const [used] = await db.batch([
    useOneTimeToken(db, found.hash, now),
    markEmailVerified(db, found.userId, now, previousChanged),
  ]);
  if (used.meta.changes === 0) throw new AppError("TOKEN_INVALID");
}
