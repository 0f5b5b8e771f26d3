import { AppError } from "../http/app-error.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { makeOneTimeToken, useOneTimeToken } from "./one-time-token-repository.ts";
import { setPassword } from "./set-password.ts";
import { findUser, findUserByEmail } from "./user-repository.ts";

/** Mails a reset token, if the account exists and is active; says nothing about that to the caller. */
export async function forgotPassword(
  { db, clock }: IdentityContext,
  mailer: Mailer,
  email: string,
): Promise<void> {
  const found = await findUserByEmail(db, email);
  if (!found?.user.isActive || !found.clientActive) return;
  const token = await makeOneTimeToken(db, "reset_password", found.user.id, clock.now());
  await mailer.send({
    to: email,
    subject: "Reset your password",
    text: `Somebody asked for a new password for this address. If it was you, use this token within an hour:\n\n${token}\n`,
  });
}

/**
 * Sets a new password with a mailed token; every session ends.
 * @returns whose sessions ended, and which
 * @throws AppError `TOKEN_INVALID`, `VALIDATION_ERROR`
 */
export async function resetPassword(
  context: IdentityContext,
  { token, new_password }: { token: string; new_password: string },
  device: Device,
): Promise<{ clientId: string; sessions: string[] }> {
  const { db, clock } = context;
  const userId = await useOneTimeToken(db, "reset_password", token, clock.now());
  const user = userId === undefined ? undefined : await findUser(db, userId);
  if (!user) throw new AppError("TOKEN_INVALID");
  const action = "user.password_reset";
  const sessions = await setPassword(context, user, { password: new_password, action, device });
  return { clientId: user.clientId, sessions };
}
