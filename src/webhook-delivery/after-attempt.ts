import type { EgressFailure } from "#src/egress/index.ts";
import { maxAttempts, maxPauseMs, pauseAfter } from "./retry-schedule.ts";

/** Why an attempt has come to no answer that counts; a secret that does not open is a fault of the platform's key. */
export type AttemptFailure = EgressFailure | "SECRET_UNREADABLE";

/** What came of an attempt. */
export interface AttemptResult {
  /** When it began; epoch milliseconds. */
  at: number;
  durationMs: number;
  /** Where it went. */
  url: string;
  /** What the receiver has answered, if it has. */
  status: number | null;
  /** The beginning of the answer's body. */
  answer: string | null;
  failure: AttemptFailure | null;
  /** How long the receiver asks to be left alone, in milliseconds. */
  retryAfterMs?: number;
}

/** What becomes of a delivery. */
export type Verdict =
  | { kind: "delivered" }
  | { kind: "retry"; at: number }
  /** With `isGone` the receiver wants nothing any more. */
  | { kind: "failed"; isGone: boolean };

/** Whether a receiver has taken a message. */
export const isSuccess = ({ status }: Pick<AttemptResult, "status">): boolean =>
  status !== null && status >= 200 && status < 300;

/** Answers whose `Retry-After` counts. */
const askingForPatience: readonly (number | null)[] = [429, 503];

/**
 * What becomes of a delivery after an attempt (docs/webhooks.md#when-a-delivery-fails).
 * @param failures attempts that have failed before this one
 * @param random from 0 to 1
 */
export function afterAttempt(
  result: AttemptResult,
  failures: number,
  { now, random }: { now: number; random: number },
): Verdict {
  if (isSuccess(result)) return { kind: "delivered" };
  if (result.status === 410) return { kind: "failed", isGone: true };
  if (failures + 1 >= maxAttempts) return { kind: "failed", isGone: false };
  const asked = askingForPatience.includes(result.status) ? (result.retryAfterMs ?? 0) : 0;
  return { kind: "retry", at: now + Math.max(pauseAfter(failures + 1, random), Math.min(asked, maxPauseMs)) };
}
