import { AppError } from "../http/app-error.ts";
import type { Device } from "./device.ts";
import { type IdentityContext, openSession } from "./issue-tokens.ts";
import { lockoutKeys, secondsToWait } from "./lockout.ts";
import { clearFailures, countFailure, failuresOf } from "./login-failure-repository.ts";
import { hashPassword, verifyNothing, verifyPassword } from "./password-hash.ts";
import type { Login, TokenResponse } from "./schemas.ts";
import { findUserByEmail, replacePasswordHash, type UserRow } from "./user-repository.ts";

/** Tells the tenant that somebody tries passwords on one of its accounts. */
export type OnSuspicion = (user: UserRow, facts: { failures: number }) => Promise<void>;

/** At this many failures the tenant is told, once. */
const suspicious = 5;

/**
 * Signs in with e-mail and password.
 * @throws AppError `INVALID_CREDENTIALS`, the same and at the same cost whether
 *   the account exists or not; `RATE_LIMITED` with `Retry-After` after repeated failures
 */
export async function logIn(
  context: IdentityContext,
  { email, password }: Login,
  device: Device,
  onSuspicion: OnSuspicion,
): Promise<TokenResponse> {
  const { db, clock } = context;
  const keys = lockoutKeys(email, device.ip);
  const all = keys.map(({ key }) => key);
  const counts = await failuresOf(db, all);
  const now = clock.now();
  const none = { failures: 0, lastAt: 0 };
  const wait = Math.max(...keys.map(({ scope, key }) => secondsToWait(scope, counts.get(key) ?? none, now)));
  if (wait > 0) {
    throw new AppError("RATE_LIMITED", {
      message: "Too many failed sign-ins; try again later",
      details: { retry_after: wait },
      headers: { "Retry-After": String(wait) },
    });
  }
  const found = await findUserByEmail(db, email);
  const { valid, outdated } = found
    ? await verifyPassword(password, found.user.passwordHash)
    : await verifyNothing(password);
  if (!found || !valid || !found.user.isActive || !found.clientActive) {
    await countFailure(db, all, counts, now);
    const failures = Math.max(0, ...all.map((key) => counts.get(key)?.failures ?? 0)) + 1;
    if (found && failures === suspicious) await onSuspicion(found.user, { failures });
    throw new AppError("INVALID_CREDENTIALS");
  }
  if (counts.size > 0)
    await clearFailures(
      db,
      keys.filter(({ scope }) => scope !== "address").map(({ key }) => key),
    );
  if (outdated) await replacePasswordHash(db, found.user, await hashPassword(password), now);
  return openSession(context, found.user, device);
}
