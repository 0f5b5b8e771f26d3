import { AppError } from "../http/app-error.ts";
import { type Device, type IdentityContext, openSession } from "./issue-tokens.ts";
import { verifyNothing, verifyPassword } from "./password-hash.ts";
import type { Login, TokenResponse } from "./schemas.ts";
import { findUserByEmail } from "./user-repository.ts";

/**
 * Signs in with e-mail and password.
 * @throws AppError `INVALID_CREDENTIALS`, the same and at the same cost whether the account exists or not
 */
export async function logIn(
  context: IdentityContext,
  { email, password }: Login,
  device: Device,
): Promise<TokenResponse> {
  const found = await findUserByEmail(context.db, email);
  const { valid } = found
    ? await verifyPassword(password, found.user.passwordHash)
    : await verifyNothing(password);
  if (!found || !valid || !found.user.isActive || !found.clientActive)
    throw new AppError("INVALID_CREDENTIALS");
  return openSession(context, found.user, device);
}
