import { previousChanged } from "../db/previous-changed.ts";
import { AppError } from "../http/app-error.ts";
import type { Mailer } from "../mail/mailer.ts";
import { auditStatement } from "./audit-repository.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { makeOneTimeToken, useOneTimeToken } from "./one-time-token-repository.ts";
import { hashPassword } from "./password-hash.ts";
import { checkNewPassword } from "./password-policy.ts";
import { revokeSessionsOf } from "./session-repository.ts";
import { findUser, findUserByEmail, replacePasswordHash } from "./user-repository.ts";

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
  { db, clock }: IdentityContext,
  { token, new_password }: { token: string; new_password: string },
  device: Device,
): Promise<{ clientId: string; sessions: string[] }> {
  const now = clock.now();
  const userId = await useOneTimeToken(db, "reset_password", token, now);
  const user = userId === undefined ? undefined : await findUser(db, userId);
  if (!user) throw new AppError("TOKEN_INVALID");
  checkNewPassword(new_password, user.email, "new_password");
  const hash = await hashPassword(new_password);
  const entry = {
    actorId: user.id,
    action: "user.password_reset",
    target: { type: "user", id: user.id },
    clientId: user.clientId,
    device,
  };
  const [, , ended] = await db.batch([
    replacePasswordHash(db, user, hash, now),
    auditStatement(db, entry, now, previousChanged),
    revokeSessionsOf(db, user.id, now),
  ]);
  return { clientId: user.clientId, sessions: ended.map(({ id }) => id) };
}
