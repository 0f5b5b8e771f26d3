import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { networkOf } from "#src/kernel/network.ts";
import { type Reporting, reportLater } from "../accounts/report-suspicion.ts";
import { findUser, findUserByEmail, type UserRow } from "../accounts/user-repository.ts";
import { addressesOf } from "../sessions/session-repository.ts";
import { lockoutKeys, secondsBehindOthers, suspiciousAt } from "./lockout.ts";
import { clearFailures, countFailure, failuresOf } from "./login-failure-repository.ts";
import { verifyNothing, verifyPassword } from "./password-hash.ts";
import { tooMany, waitsOf } from "./too-many.ts";

interface PasswordCheck {
  email: string;
  password: string;
  device: Device;
}

/**
 * The living account that e-mail address and password belong to; failures are counted, and lock. The tenant is told
 * of an account on which somebody tries passwords.
 * @returns the account, and whether its hash has outdated parameters
 * @throws AppError `INVALID_CREDENTIALS`, the same and at the same cost whether
 *   the account exists or not; `RATE_LIMITED` with `Retry-After` after repeated failures
 */
export async function checkPassword(
  platform: Reporting,
  { email, password, device }: PasswordCheck,
): Promise<{ user: UserRow; outdated: boolean }> {
  const { db, clock } = platform;
  const keys = lockoutKeys(email, device.ip);
  const before = await failuresOf(db, keys);
  const waiting = waitsOf(keys, before, clock.now());
  if (waiting.length > 0) {
    // Strangers elsewhere, or others behind the same address, but not this account at this address.
    const byOthersOnly = waiting.every(({ scope }) => scope !== "accountAtAddress");
    const known = byOthersOnly ? await addressesOf(db, { email, now: clock.now() }) : [];
    // Where the owner signed in lately they are not shut out by others' failures.
    const isKnown = known.some((address) => networkOf(address) === networkOf(device.ip));
    if (!isKnown) throw tooManyFailures(Math.max(...waiting.map(({ seconds }) => seconds)));
  }

  const found = await findUserByEmail(db, email);
  const { valid, outdated } = found
    ? await verifyPassword(password, found.user.passwordHash)
    : await verifyNothing(password);
  const fits = found !== undefined && valid && found.user.isActive && found.clientActive;
  const now = clock.now();
  const after = fits ? await failuresOf(db, keys) : await countFailure(db, keys, now);
  const suspicion = keys.find(({ scope, key }) => after.get(key)?.failures === suspiciousAt[scope]);
  if (found && !fits && suspicion) {
    const facts = { failures: suspiciousAt[suspicion.scope] ?? 0 };
    reportLater(platform, device, found.user, { kind: "repeated_login_failures", facts });
  }

  // Tries that ran beside this one may have used up what was free: then this one tells nothing either.
  for (const { scope, key } of keys.filter((candidate) => candidate.scope === "accountAtAddress")) {
    const counts = { before: before.get(key), after: after.get(key) };
    const late = secondsBehindOthers(scope, counts, !fits, now);
    if (late > 0) throw tooManyFailures(late);
  }
  if (!fits) throw new AppError("INVALID_CREDENTIALS");
  if (after.size > 0) await clearFailures(db, keys);
  return { user: found.user, outdated };
}

/**
 * The caller's own account, when the password is its. Its address is looked up: the token may say an older one.
 * @throws AppError as `checkPassword`
 */
export async function checkOwnPassword(
  platform: Reporting,
  { userId, device }: Pick<Account, "userId" | "device">,
  password: string,
): Promise<UserRow> {
  const own = await findUser(platform.db, userId);
  if (!own) throw new AppError("INVALID_CREDENTIALS");
  const { user } = await checkPassword(platform, { email: own.email, password, device });
  if (user.id !== userId) throw new AppError("INVALID_CREDENTIALS");
  return user;
}

const tooManyFailures = (seconds: number) => tooMany("Too many failed sign-ins; try again later", seconds);
