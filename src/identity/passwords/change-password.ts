import type { SignedIn } from "#src/kernel/actor.ts";
import type { Device } from "#src/kernel/device.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import { checkOwnPassword, type OnSuspicion } from "./check-password.ts";
import { checkNewPassword, notTheCurrentOne } from "./password-policy.ts";
import { setPassword } from "./set-password.ts";

/**
 * Changes one's own password; every other session ends.
 * @returns the sessions that ended
 * @throws AppError as `checkOwnPassword` about the current one, `setPassword` about the new one
 */
export async function changePassword(
  context: IdentityContext,
  { userId, email, sessionId }: SignedIn,
  { current_password, new_password }: { current_password: string; new_password: string },
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<string[]> {
  checkNewPassword(new_password, email, "new_password");
  if (new_password === current_password) throw notTheCurrentOne();
  const user = await checkOwnPassword(context, userId, { password: current_password, device, onSuspicion });
  const action = "user.password_changed";
  return setPassword(context, user, { password: new_password, action, device, keep: sessionId });
}
