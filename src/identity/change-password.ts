import { previousChanged } from "../db/previous-changed.ts";
import { AppError } from "../http/app-error.ts";
import { auditStatement } from "./audit-repository.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { hashPassword, verifyPassword } from "./password-hash.ts";
import { checkNewPassword } from "./password-policy.ts";
import type { Principal } from "./principal.ts";
import { revokeSessionsOf } from "./session-repository.ts";
import { findUser, replacePasswordHash } from "./user-repository.ts";

/**
 * Changes one's own password; every other session ends.
 * @returns the sessions that ended
 * @throws AppError `INVALID_CREDENTIALS` when the current one is wrong; `VALIDATION_ERROR`
 */
export async function changePassword(
  { db, clock }: IdentityContext,
  principal: Principal,
  { current_password, new_password }: { current_password: string; new_password: string },
  device: Device,
): Promise<string[]> {
  const user = await findUser(db, principal.userId);
  if (!user) throw new AppError("USER_NOT_FOUND");
  const { valid } = await verifyPassword(current_password, user.passwordHash);
  if (!valid) throw new AppError("INVALID_CREDENTIALS", { message: "The current password is wrong" });
  checkNewPassword(new_password, user.email, "new_password");
  const now = clock.now();
  const hash = await hashPassword(new_password);
  const entry = {
    actorId: user.id,
    action: "user.password_changed",
    target: { type: "user", id: user.id },
    clientId: user.clientId,
    device,
  };
  const [, , ended] = await db.batch([
    replacePasswordHash(db, user, hash, now),
    auditStatement(db, entry, now, previousChanged),
    revokeSessionsOf(db, user.id, now, principal.sessionId),
  ]);
  return ended.map(({ id }) => id);
}
