import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import { ProviderError } from "./provider-error.ts";

/** Calls of one task attempt, the first included. */
const maxCalls = 3;
const firstDelayMs = 250;
/** A provider that asks for more patience than this gets it from the queue, not from a waiting Worker. */
export const maxWaitMs = 15_000;

const isWorthAnotherTry = (error: unknown, timeLeft: number): boolean =>
  error instanceof ProviderError &&
  error.retryable &&
  (error.retryAfterMs ?? 0) <= Math.min(maxWaitMs, timeLeft);

/**
 * The one in-process retry layer of provider calls: exponential with full
 * jitter, never earlier than the provider's `Retry-After`.
 * @param timeLeft milliseconds that the task still has; it waits for nothing that comes later
 * @param random a number from 0 to 1
 */
export const providerRetry = (
  timeLeft: () => number = () => Number.POSITIVE_INFINITY,
  random: () => number = Math.random,
) =>
  retry(
    handleWhen((error) => isWorthAnotherTry(error, timeLeft())),
    {
      maxAttempts: maxCalls - 1,
      backoff: new DelegateBackoff(({ attempt, result }) => {
        const asked =
          "error" in result && result.error instanceof ProviderError ? (result.error.retryAfterMs ?? 0) : 0;
        return asked + random() * firstDelayMs * 2 ** attempt;
      }),
    },
  );
