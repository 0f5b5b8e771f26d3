import { AppError } from "../http/app-error.ts";
import { checkPassword, type OnSuspicion } from "./check-password.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { checkNewPassword, notTheCurrentOne } from "./password-policy.ts";
import type { Principal } from "./principal.ts";
import { setPassword } from "./set-password.ts";

/**
 * Changes one's own password; every other session ends.
 * @returns the sessions that ended
 * @throws AppError as `checkPassword` about the current one, `setPassword` about the new one
 */
export async function changePassword(
  context: IdentityContext,
  { userId, email, sessionId }: Principal,
  { current_password, new_password }: { current_password: string; new_password: string },
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<string[]> {
  checkNewPassword(new_password, email, "new_password");
  if (new_password === current_password) throw notTheCurrentOne();
  const credentials = { email, password: current_password };
  const { user } = await checkPassword(context, { ...credentials, device, onSuspicion });
  if (user.id !== userId) throw new AppError("INVALID_CREDENTIALS");
  const action = "user.password_changed";
  return setPassword(context, user, { password: new_password, action, device, keep: sessionId });
}
