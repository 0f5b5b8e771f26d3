import { AppError } from "#src/kernel/app-error.ts";
import { type LockoutKey, type LockoutScope, secondsToWait } from "./lockout.ts";
import type { FailureCounts } from "./login-failure-repository.ts";

/** A refusal that says how many seconds to wait. */
export const tooMany = (message: string, seconds: number): AppError =>
  new AppError("RATE_LIMITED", {
    message,
    details: { retry_after: seconds },
    headers: { "Retry-After": String(seconds) },
  });

/** Of what something is counted under, that which has to wait, and for how many seconds. */
export const waitsOf = (
  keys: readonly LockoutKey[],
  counts: FailureCounts,
  now: number,
): { scope: LockoutScope; seconds: number }[] =>
  keys.flatMap(({ scope, key }) => {
    const count = counts.get(key);
    const seconds = count ? secondsToWait(scope, count, now) : 0;
    return seconds > 0 ? [{ scope, seconds }] : [];
  });
