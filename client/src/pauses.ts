import { PersonaError } from "./errors.ts";

/** Milliseconds between attempts: the first, and the longest. */
const [firstMs, longestMs] = [200, 10_000];

/**
 * How long to wait before another attempt: twice as long each time, and never all at the same moment.
 * @param failures attempts that have failed in a row, at least 1
 */
export const pauseMs = (failures: number, random = Math.random): number =>
  Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (0.5 + random() / 2);

/** `pauseMs` after a failure; as long as the platform has asked for, where that is longer. */
export const pauseAfter = (failure: unknown, failures: number): number =>
  Math.max(pauseMs(failures), failure instanceof PersonaError ? (failure.retryAfter ?? 0) * 1000 : 0);

/** Waits. @throws the signal's reason when that comes first */
export const waited = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });

/** Waits for something no longer than the signal allows. @throws the signal's reason when that comes first */
export async function until<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const given = Promise.withResolvers<never>();
  const stop = () => given.reject(signal.reason);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, given.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** How often something is tried while no answer comes. */
const attempts = 4;

/** That is what `fetch` says where it has reached nobody. */
const hasReachedNobody = (error: unknown): boolean => error instanceof TypeError;

/**
 * Tries again where nothing has answered: only for what may be done twice.
 * @param isPassing which failures are tried again; a refusal stays one where it is left out
 * @throws what the last attempt has thrown; the signal's reason
 */
export async function patiently<T>(
  work: () => Promise<T>,
  signal?: AbortSignal,
  isPassing = hasReachedNobody,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    let failure: unknown;
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error) || failures === attempts) throw error;
      failure = error;
    }
    await waited(pauseAfter(failure, failures), signal);
  }
}
