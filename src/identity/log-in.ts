import { AppError } from "../http/app-error.ts";
import { checkPassword, type OnSuspicion } from "./check-password.ts";
import type { Device } from "./device.ts";
import { type IdentityContext, openSession } from "./issue-tokens.ts";
import { makeOneTimeToken, oneTimeTokenSeconds } from "./one-time-token-repository.ts";
import { hashPassword } from "./password-hash.ts";
import type { Login, TokenResponse } from "./schemas.ts";
import { tooMany } from "./too-many.ts";
import { replacePasswordHash } from "./user-repository.ts";

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
  if (!outdated) return openSession(context, user, device);
  const passwordHash = await hashPassword(password);
  const { meta } = await replacePasswordHash(db, user, passwordHash);
  return openSession(context, meta.changes > 0 ? { ...user, passwordHash } : user, device);
}
