import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { openOperation } from "#src/operation/operation.ts";
import { findAccount } from "../accounts/user-repository.ts";
import { shutOut } from "../gates/shut-out.ts";
import { messageSchema, newPasswordSchema, tokenSchema } from "../schemas.ts";
import { lockoutKeys } from "./lockout.ts";
import { clearFailures } from "./login-failure-repository.ts";
import { findOneTimeToken } from "./one-time-token-repository.ts";
import { verifyPassword } from "./password-hash.ts";
import { notTheCurrentOne } from "./password-policy.ts";
import { setPassword } from "./set-password.ts";

/** A refused password leaves the token usable. */
export const resetPassword = openOperation({
  name: "resetPassword",
  summary:
    "Set a new password with a mailed token, or one from a sign-in that must change it; every session ends",
  input: z.object({
    body: z.strictObject({ token: tokenSchema, new_password: newPasswordSchema }).openapi("ResetPassword"),
  }),
  output: messageSchema,
  refusals: ["TOKEN_INVALID"],
  run: async (platform, { device }, { body: { token, new_password } }) => {
    const { db, clock } = platform;
    const found = await findOneTimeToken(db, ["reset_password", "change_password"], token, clock.now());
    const account = found && (await findAccount(db, found.userId));
    if (!found || !account?.user.isActive || !account.clientActive) throw new AppError("TOKEN_INVALID");
    const { user } = account;
    // Who must change a password must not keep it.
    const mustChange = found.purpose === "change_password" || user.mustChangePassword;
    if (mustChange && (await verifyPassword(new_password, user.passwordHash)).valid) {
      throw notTheCurrentOne();
    }
    const ended = await setPassword(platform, user, {
      password: new_password,
      action: "user.password_reset",
      device,
      tokenHash: found.hash,
      provesAddress: found.purpose === "reset_password",
    });
    await clearFailures(db, lockoutKeys(user.email, device.ip));
    await shutOut(platform, user.clientId, ...ended);
    return { message: "The new password is set" };
  },
});
