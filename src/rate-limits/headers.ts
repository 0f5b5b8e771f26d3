import { AppError } from "#src/kernel/app-error.ts";
import type { CallLimit } from "#src/objects/call-counts-api.ts";
import type { Standing } from "./lease.ts";
import { periodOf } from "./limits.ts";

const policies = new WeakMap<readonly CallLimit[], string>();

/** `RateLimit-Policy`: every limit, by name, with its calls and seconds. */
function policyOf(limits: readonly CallLimit[]): string {
  const known = policies.get(limits);
  if (known !== undefined) return known;
  const policy = limits
    .map(({ seconds, most }) => `"${periodOf(seconds)}";q=${most};w=${seconds}`)
    .join(", ");
  policies.set(limits, policy);
  return policy;
}

const secondsUntil = (at: number, now: number): number => Math.max(0, Math.ceil((at - now) / 1000));

/**
 * What an answer says of its caller's limits: the limit that is reached first as `X-RateLimit-*` (`Reset` in Unix
 * seconds) and as `RateLimit`, all of them as `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers).
 * @param now epoch milliseconds
 */
export const rateLimitHeaders = (
  { limits, limit, remaining, resetsAt }: Standing,
  now: number,
): [name: string, value: string][] => [
  ["X-RateLimit-Limit", String(limit.most)],
  ["X-RateLimit-Remaining", String(remaining)],
  ["X-RateLimit-Reset", String(Math.ceil(resetsAt / 1000))],
  ["RateLimit", `"${periodOf(limit.seconds)}";r=${remaining};t=${secondsUntil(resetsAt, now)}`],
  ["RateLimit-Policy", policyOf(limits)],
];

/** The refusal of a call beyond a limit: `details` say which, `Retry-After` when there is room again. */
export function tooManyCalls({ limit, resetsAt }: Standing, now: number): AppError {
  const seconds = Math.max(1, secondsUntil(resetsAt, now));
  return new AppError("RATE_LIMITED", {
    message: `More than ${limit.most} calls in a ${periodOf(limit.seconds)}`,
    details: { limit: limit.most, window: periodOf(limit.seconds), retry_after: seconds },
    headers: { "Retry-After": String(seconds) },
  });
}
