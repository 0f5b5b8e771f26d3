import { auditStatement } from "#src/audit/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Device } from "#src/kernel/device.ts";
import type { Platform } from "#src/platform.ts";
import { hasPasswordHash, type UserRow, updatePassword } from "../accounts/user-repository.ts";
import { revokeSessionsOf } from "../sessions/session-repository.ts";
import { isOneTimeTokenUnused, voidOneTimeTokens } from "./one-time-token-repository.ts";
import { hashPassword } from "./password-hash.ts";
import { checkNewPassword } from "./password-policy.ts";

interface NewPassword {
  password: string;
  /** Name of the action in the audit log. */
  action: AuditAction;
  device: Device;
  /** Who sets it; the account's owner if nobody else. */
  actorId?: string;
  /** The session that goes on, if any. */
  keep?: string;
  /** Hash of the one-time token that allows it, if one does; it is used up. */
  tokenHash?: string;
  /** The next sign-in must change it again. */
  mustChange?: boolean;
  /** Whoever sets it has shown that the e-mail address is theirs. */
  provesAddress?: boolean;
}

/**
 * Gives an account a new password: hash, audit row, the end of its sessions and
 * of every other token for a new password or address in one batch. Nothing happens unless
 * the account still has the password it was read with.
 * @returns the sessions that ended
 * @throws AppError `VALIDATION_ERROR` for `new_password`; `TOKEN_INVALID` when the token
 *   was used meanwhile; `CONFLICT` when the password was changed meanwhile
 */
export async function setPassword(
  { db, clock }: Pick<Platform, "db" | "clock">,
  user: UserRow,
  { password, action, device, actorId = user.id, keep, tokenHash, ...facts }: NewPassword,
): Promise<string[]> {
  checkNewPassword(password, user.email, "new_password");
  const hash = await hashPassword(password);
  const now = clock.now();
  const allowed = tokenHash === undefined ? undefined : isOneTimeTokenUnused(tokenHash, now);
  const target = { type: "user", id: user.id };
  const entry = { actorId, action, target, clientId: user.clientId, device };
  const isSet = hasPasswordHash(user.id, hash);
  const [{ meta }, , ended] = await db.batch([
    updatePassword(db, user, { hash, now, ...facts }, allowed),
    auditStatement(db, entry, now, isSet),
    revokeSessionsOf(db, user.id, now, keep, isSet),
    voidOneTimeTokens(db, user.id, ["reset_password", "change_password", "change_email"], now, isSet),
  ]);
  if (meta.changes > 0) return ended.map(({ id }) => id);
  if (tokenHash !== undefined) throw new AppError("TOKEN_INVALID");
  throw new AppError("CONFLICT", { message: "The password was changed by somebody else" });
}
