import { AppError } from "../http/app-error.ts";
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
): Promise<string[]> {
  const user = await findUser(db, principal.userId);
  if (!user) throw new AppError("USER_NOT_FOUND");
  const { valid } = await verifyPassword(current_password, user.passwordHash);
  if (!valid) throw new AppError("INVALID_CREDENTIALS", { message: "The current password is wrong" });
  checkNewPassword(new_password, user.email, "new_password");
  const now = clock.now();
  await replacePasswordHash(db, user, await hashPassword(new_password), now);
  const ended = await revokeSessionsOf(db, user.id, now, principal.sessionId);
  return ended.map(({ id }) => id);
}
