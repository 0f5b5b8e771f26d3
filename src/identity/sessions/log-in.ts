import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { findUser, replacePasswordHash, type UserRow } from "../accounts/user-repository.ts";
import { checkPassword, type OnSuspicion } from "../passwords/check-password.ts";
import { makeOneTimeToken, oneTimeTokenSeconds } from "../passwords/one-time-token-repository.ts";
import { hashPassword, verifyPassword } from "../passwords/password-hash.ts";
import { tooMany } from "../passwords/too-many.ts";
import type { Login, TokenResponse } from "../schemas.ts";
import { type IdentityContext, openSession } from "./issue-tokens.ts";

/**
 * Signs in with e-mail and password. Who must change the password gets no
 * session but, in the refusal's details, a token for `POST /auth/password/reset`.
 * @throws AppError as `checkPassword`; `PASSWORD_CHANGE_REQUIRED`
 */
export async function logIn(
  context: IdentityContext,
  { email, password }: Login,
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<TokenResponse> {
  const { db, clock } = context;
  const { user, outdated } = await checkPassword(context, { email, password, device, onSuspicion });
  if (user.mustChangePassword) {
    const made = await makeOneTimeToken(db, "change_password", user.id, clock.now());
    if (!("token" in made)) throw tooMany("Too many sign-ins; try again later", made.retryAfterSeconds);
    throw new AppError("PASSWORD_CHANGE_REQUIRED", {
      details: { token: made.token, expires_in: oneTimeTokenSeconds("change_password") },
    });
  }
  return openSession(context, outdated ? await withNewHash(context, user, password) : user, device);
}

/**
 * The account with its password hashed as it is done today.
 * @throws AppError `INVALID_CREDENTIALS` when the password was changed meanwhile
 */
async function withNewHash({ db }: IdentityContext, user: UserRow, password: string): Promise<UserRow> {
  const passwordHash = await hashPassword(password);
  const { meta } = await replacePasswordHash(db, user, passwordHash);
  if (meta.changes > 0) return { ...user, passwordHash };
  // A sign-in beside this one was faster with the same; anything else is another password.
  const current = await findUser(db, user.id);
  if (!current || !(await verifyPassword(password, current.passwordHash)).valid)
    throw new AppError("INVALID_CREDENTIALS");
  return current;
}
