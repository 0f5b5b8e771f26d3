import { previousChanged } from "../db/previous-changed.ts";
import { auditStatement } from "./audit-repository.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { hashPassword } from "./password-hash.ts";
import { checkNewPassword } from "./password-policy.ts";
import { revokeSessionsOf } from "./session-repository.ts";
import { replacePasswordHash, type UserRow } from "./user-repository.ts";

/**
 * Gives an account a new password: hash, audit row and the end of its sessions in one batch.
 * @param keep the session that goes on, if any
 * @returns the sessions that ended
 * @throws AppError `VALIDATION_ERROR` for `new_password`
 */
export async function setPassword(
  { db, clock }: IdentityContext,
  user: UserRow,
  { password, action, device, keep }: { password: string; action: string; device: Device; keep?: string },
): Promise<string[]> {
  checkNewPassword(password, user.email, "new_password");
  const hash = await hashPassword(password);
  const now = clock.now();
  const target = { type: "user", id: user.id };
  const entry = { actorId: user.id, action, target, clientId: user.clientId, device };
  const [, , ended] = await db.batch([
    replacePasswordHash(db, user, hash, now),
    auditStatement(db, entry, now, previousChanged),
    revokeSessionsOf(db, user.id, now, keep),
  ]);
  return ended.map(({ id }) => id);
}
