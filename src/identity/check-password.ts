import { AppError } from "../http/app-error.ts";
import type { Device } from "./device.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { decayed, type Failures, lockoutKeys, secondsToWait, suspiciousAt } from "./lockout.ts";
import { clearFailures, countFailure, type FailureCounts, failuresOf } from "./login-failure-repository.ts";
import { verifyNothing, verifyPassword } from "./password-hash.ts";
import { hasSignedInFrom } from "./session-repository.ts";
import { findUserByEmail, type UserRow } from "./user-repository.ts";

/** Hears of an account on which somebody tries passwords; what it does must not delay the answer. */
export type OnSuspicion = (user: UserRow, facts: { failures: number }) => void;

export interface PasswordCheck {
  email: string;
  password: string;
  device: Device;
  onSuspicion: OnSuspicion;
}

/** An address from which the owner signed in this lately is not shut out by strangers' failures elsewhere. */
const knownAddressMs = 30 * 86_400_000;

/**
 * The living account that e-mail address and password belong to; failures are counted, and lock.
 * @returns the account, and whether its hash has outdated parameters
 * @throws AppError `INVALID_CREDENTIALS`, the same and at the same cost whether
 *   the account exists or not; `RATE_LIMITED` with `Retry-After` after repeated failures
 */
export async function checkPassword(
  { db, clock }: IdentityContext,
  { email, password, device, onSuspicion }: PasswordCheck,
): Promise<{ user: UserRow; outdated: boolean }> {
  const keys = lockoutKeys(email, device.ip);
  const before = await failuresOf(db, keys);
  const none: Failures = { failures: 0, lastAt: 0 };
  const waits = (counts: FailureCounts) =>
    keys.map(({ scope, key }) => ({
      scope,
      seconds: secondsToWait(scope, counts.get(key) ?? none, clock.now()),
    }));
  const waiting = waits(before).filter(({ seconds }) => seconds > 0);
  const byStrangersOnly = waiting.every(({ scope }) => scope === "account");
  if (waiting.length > 0) {
    const since = clock.now() - knownAddressMs;
    const isKnown = byStrangersOnly && (await hasSignedInFrom(db, { email, ip: device.ip, since }));
    if (!isKnown) throw locked(Math.max(...waiting.map(({ seconds }) => seconds)));
  }

  const found = await findUserByEmail(db, email);
  const { valid, outdated } = found
    ? await verifyPassword(password, found.user.passwordHash)
    : await verifyNothing(password);
  const fits = found !== undefined && valid && found.user.isActive && found.clientActive;
  const after = fits ? await failuresOf(db, keys) : await countFailure(db, keys, clock.now());

  // Tries that ran beside this one may have used up what was free: then this one tells nothing either.
  const own = keys.find(({ scope }) => scope === "accountAtAddress");
  const known = decayed("accountAtAddress", before.get(own?.key ?? "") ?? none, clock.now());
  const others = (after.get(own?.key ?? "")?.failures ?? 0) - known - (fits ? 0 : 1);
  const late = waits(after).find(({ scope }) => scope === "accountAtAddress")?.seconds ?? 0;
  if (others > 0 && late > 0) throw locked(late);

  if (!fits) {
    const suspicion = keys.find(({ scope, key }) => after.get(key)?.failures === suspiciousAt[scope]);
    if (found && suspicion) onSuspicion(found.user, { failures: suspiciousAt[suspicion.scope] ?? 0 });
    throw new AppError("INVALID_CREDENTIALS");
  }
  if (after.size > 0) await clearFailures(db, keys);
  return { user: found.user, outdated };
}

const locked = (seconds: number) =>
  new AppError("RATE_LIMITED", {
    message: "Too many failed sign-ins; try again later",
    details: { retry_after: seconds },
    headers: { "Retry-After": String(seconds) },
  });
