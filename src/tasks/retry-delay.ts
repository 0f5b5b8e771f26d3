/** A message may be delivered again so often (wrangler.toml, and the limit of Cloudflare Queues). */
export const maxRetries = 100;

/** The longest pause between two deliveries, in seconds; a queue takes up to twelve hours. */
const maxDelay = 600;

/**
 * Seconds until a message is delivered again whose delivery has failed: 2, 4, 8, … up to ten minutes, so that
 * trouble of hours neither uses up the deliveries nor is made worse by them.
 * @param attempts deliveries so far
 * @param until epoch milliseconds that the message must live to see, if it is wanted until then
 */
export function retryDelay(attempts: number, until = 0, now = 0): number {
  const backoff = Math.min(2 ** attempts, maxDelay);
  const left = Math.max(1, maxRetries - attempts);
  return Math.min(Math.max(backoff, Math.ceil((until - now) / 1000 / left)), 43_200);
}
