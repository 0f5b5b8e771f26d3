import { auditStatement } from "#src/audit/audit-repository.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import type { Mailer } from "#src/mail/mailer.ts";
import {
  findOneTimeToken,
  isOneTimeTokenUnused,
  makeOneTimeToken,
  useOneTimeToken,
} from "../passwords/one-time-token-repository.ts";
import { tooMany } from "../passwords/too-many.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import { findUser, markEmailVerified, type UserRow } from "./user-repository.ts";
import { ownAction, userEvent } from "./user-traces.ts";

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
  const made = await makeOneTimeToken(db, "verify_email", user.id, clock.now());
  if (!("token" in made)) throw tooMany("Too many mails; try again later", made.retryAfterSeconds);
  await mailer.send({
    to: user.email,
    subject: "Verify your e-mail address",
    text: `Welcome. Verify this address within a day with this token:\n\n${made.token}\n`,
  });
}

/**
 * Proves an account's address with a token that was mailed to it.
 * @returns the account
 * @throws AppError `TOKEN_INVALID` for a token that is unknown, used or too old, or whose account is gone
 */
export async function verifyEmail(
  { db, clock }: IdentityContext,
  token: string,
  device: Device,
): Promise<UserRow> {
  const now = clock.now();
  const found = await findOneTimeToken(db, ["verify_email"], token, now);
  const user = found && (await findUser(db, found.userId));
  if (!user) throw new AppError("TOKEN_INVALID");
  const isUnused = isOneTimeTokenUnused(found.hash, now);
  // Last what the others ask for.
  const [, , , used] = await db.batch([
    markEmailVerified(db, user.id, now, isUnused),
    auditStatement(db, ownAction("user.email_verified", user, device), now, isUnused),
    outboxStatement(
      db,
      userEvent(user, { event: "user.updated", data: { user_id: user.id, changed: ["email_verified"] } }),
      now,
      isUnused,
    ),
    useOneTimeToken(db, found.hash, now),
  ]);
  if (used.meta.changes === 0) throw new AppError("TOKEN_INVALID");
  return user;
}
