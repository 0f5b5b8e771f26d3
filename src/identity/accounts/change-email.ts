import { auditStatement } from "#src/audit/audit-repository.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import type { Mail, Mailer } from "#src/mail/mailer.ts";
import { checkOwnPassword, type OnSuspicion } from "../passwords/check-password.ts";
import {
  findOneTimeToken,
  isOneTimeTokenUnused,
  makeOneTimeToken,
  useOneTimeToken,
  voidOneTimeTokens,
} from "../passwords/one-time-token-repository.ts";
import { tooMany } from "../passwords/too-many.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import { canTakeEmail, findUser, hasEmail, updateEmail } from "./user-repository.ts";
import { ownAction, userEvent } from "./user-traces.ts";

/**
 * Mails a token to the address that an account is to have. Nothing changes before it comes back, and the answer
 * does not tell whether somebody has the address: whoever does gets the letter, and the token is refused.
 * @throws AppError as `checkOwnPassword`; `CONFLICT` when it is the account's address already; `RATE_LIMITED` after
 *   too many mails
 */
export async function requestEmailChange(
  context: IdentityContext,
  mailer: Mailer,
  { userId }: Account,
  { password, new_email }: { password: string; new_email: string },
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<void> {
  const { db, clock } = context;
  const user = await checkOwnPassword(context, userId, { password, device, onSuspicion });
  if (new_email === user.email) throw new AppError("CONFLICT", { message: "It is your address already" });
  const made = await makeOneTimeToken(db, "change_email", userId, clock.now(), new_email);
  if (!("token" in made)) throw tooMany("Too many mails; try again later", made.retryAfterSeconds);
  await auditStatement(db, ownAction("user.email_change_requested", user, device), clock.now());
  await mailer.send({
    to: new_email,
    subject: "Confirm your new e-mail address",
    text:
      "Somebody asked to make this the e-mail address of their account. If it was you, confirm it within an hour " +
      `with this token, signed in to the account:\n\n${made.token}\n\nIf it was not you, do nothing.\n`,
  });
}

/**
 * Gives the caller's account the address that a token was mailed to; it is proved thereby, and what was mailed to the
 * old one is void. Sessions go on.
 * @returns the address that it had
 * @throws AppError `TOKEN_INVALID` for a token that is unknown, used, too old or another account's; `CONFLICT` when
 *   another account has the address; the token stays good
 */
export async function confirmEmailChange(
  { db, clock }: IdentityContext,
  { userId }: Account,
  token: string,
  device: Device,
): Promise<string> {
  const now = clock.now();
  const [found, user] = await Promise.all([
    findOneTimeToken(db, ["change_email"], token, now),
    findUser(db, userId),
  ]);
  if (!user || found?.userId !== userId || found.address === null) throw new AppError("TOKEN_INVALID");
  const { hash, address } = found;
  const isPossible = canTakeEmail(user, address, isOneTimeTokenUnused(hash, now));
  const event = userEvent(user, { event: "user.updated", data: { user_id: user.id, changed: ["email"] } });
  const [, , , changed] = await db.batch([
    auditStatement(db, ownAction("user.email_changed", user, device), now, isPossible),
    outboxStatement(db, event, now, isPossible),
    voidOneTimeTokens(db, userId, ["verify_email", "reset_password"], now, isPossible),
    updateEmail(db, user, address, now, isPossible),
    useOneTimeToken(db, hash, now, hasEmail(userId, address)),
  ]);
  if (changed.meta.changes > 0) return user.email;
  if (!(await findOneTimeToken(db, ["change_email"], token, now))) throw new AppError("TOKEN_INVALID");
  throw new AppError("CONFLICT", { message: "The address belongs to an account already" });
}

/** The letter that tells the address an account had that it has another. */
export const emailChangeNotice = (to: string): Mail => ({
  to,
  subject: "The e-mail address of your account was changed",
  text:
    "Your account has another e-mail address now, and this one no longer signs in to it.\n\n" +
    "If it was not you, contact your administrator.\n",
});
