import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import type { Mailer } from "#src/mail/mailer.ts";
import { findAccount, findUserByEmail } from "../accounts/user-repository.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import { lockoutKeys } from "./lockout.ts";
import { clearFailures } from "./login-failure-repository.ts";
import { findOneTimeToken, makeOneTimeToken } from "./one-time-token-repository.ts";
import { verifyPassword } from "./password-hash.ts";
import { notTheCurrentOne } from "./password-policy.ts";
import { setPassword } from "./set-password.ts";

/** Mails a reset token, if the account exists and is active; says nothing about that to the caller. */
export async function forgotPassword(
  { db, clock }: IdentityContext,
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

/**
 * Sets a new password with a token that was mailed, or handed out at a sign-in that
 * must change its password; every session ends. A refused password leaves the token usable.
 * @returns whose sessions ended, and which
 * @throws AppError `TOKEN_INVALID`, `VALIDATION_ERROR`
 */
export async function resetPassword(
  context: IdentityContext,
  { token, new_password }: { token: string; new_password: string },
  device: Device,
): Promise<{ clientId: string; sessions: string[] }> {
  const { db, clock } = context;
  const found = await findOneTimeToken(db, ["reset_password", "change_password"], token, clock.now());
  const account = found && (await findAccount(db, found.userId));
  if (!found || !account?.user.isActive || !account.clientActive) throw new AppError("TOKEN_INVALID");
  const { user } = account;
  // Who must change a password must not keep it.
  const mustChange = found.purpose === "change_password" || user.mustChangePassword;
  if (mustChange && (await verifyPassword(new_password, user.passwordHash)).valid) {
    throw notTheCurrentOne();
  }
  const sessions = await setPassword(context, user, {
    password: new_password,
    action: "user.password_reset",
    device,
    tokenHash: found.hash,
    provesAddress: found.purpose === "reset_password",
  });
  await clearFailures(db, lockoutKeys(user.email, device.ip));
  return { clientId: user.clientId, sessions };
}
