import { AppError } from "../http/app-error.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { verifyPassword } from "./password-hash.ts";
import type { Principal } from "./principal.ts";
import { setPassword } from "./set-password.ts";
import { findUser } from "./user-repository.ts";

/**
 * Changes one's own password; every other session ends.
 * @returns the sessions that ended
 * @throws AppError `INVALID_CREDENTIALS` when the current one is wrong; `VALIDATION_ERROR`
 */
export async function changePassword(
  context: IdentityContext,
  { userId, sessionId }: Principal,
  { current_password, new_password }: { current_password: string; new_password: string },
  device: Device,
): Promise<string[]> {
  const user = await findUser(context.db, userId);
  if (!user) throw new AppError("USER_NOT_FOUND");
  const { valid } = await verifyPassword(current_password, user.passwordHash);
  if (!valid) throw new AppError("INVALID_CREDENTIALS", { message: "The current password is wrong" });
  const action = "user.password_changed";
  return setPassword(context, user, { password: new_password, action, device, keep: sessionId });
}
