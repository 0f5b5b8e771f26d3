import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { openOperation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { findUser, replacePasswordHash, type UserRow } from "../accounts/user-repository.ts";
import { checkPassword } from "../passwords/check-password.ts";
import { makeOneTimeToken, oneTimeTokenSeconds } from "../passwords/one-time-token-repository.ts";
import { hashPassword, verifyPassword } from "../passwords/password-hash.ts";
import { tooMany } from "../passwords/too-many.ts";
import { loginSchema, tokenResponseSchema } from "../schemas.ts";
import { openSession } from "./issue-tokens.ts";

export const login = openOperation({
  name: "login",
  summary: "Sign in with e-mail and password",
  description:
    "Whoever must change the password gets 403 `PASSWORD_CHANGE_REQUIRED`; `details.token` is good for one call " +
    "of `POST /auth/password/reset`. Repeated failures lock for a growing time.",
  input: z.object({ body: loginSchema }),
  output: tokenResponseSchema,
  refusals: ["INVALID_CREDENTIALS", "PASSWORD_CHANGE_REQUIRED", "RATE_LIMITED"],
  run: async (platform, { device }, { body: { email, password } }) => {
    const { db, clock } = platform;
    const { user, outdated } = await checkPassword(platform, { email, password, device });
    if (user.mustChangePassword) {
      const made = await makeOneTimeToken(db, "change_password", user.id, clock.now());
      if (!("token" in made)) throw tooMany("Too many sign-ins; try again later", made.retryAfterSeconds);
      throw new AppError("PASSWORD_CHANGE_REQUIRED", {
        details: { token: made.token, expires_in: oneTimeTokenSeconds("change_password") },
      });
    }
    return openSession(platform, outdated ? await withNewHash(platform, user, password) : user, device);
  },
});

/**
 * The account with its password hashed as it is done today.
 * @throws AppError `INVALID_CREDENTIALS` when the password was changed meanwhile
 */
async function withNewHash({ db }: Pick<Platform, "db">, user: UserRow, password: string): Promise<UserRow> {
  const passwordHash = await hashPassword(password);
  const { meta } = await replacePasswordHash(db, user, passwordHash);
  if (meta.changes > 0) return { ...user, passwordHash };
  // A sign-in beside this one was faster with the same; anything else is another password.
  const current = await findUser(db, user.id);
  if (!current || !(await verifyPassword(password, current.passwordHash)).valid)
    throw new AppError("INVALID_CREDENTIALS");
  return current;
}
