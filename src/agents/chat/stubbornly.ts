import { ExponentialBackoff, handleAll, retry } from "cockatiel";

/** An answer is paid for: closing it is repeated while the conversation restarts. It may be said twice. */
export const stubbornly = () =>
  retry(handleAll, {
    maxAttempts: 4,
    backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 2000 }),
  });
