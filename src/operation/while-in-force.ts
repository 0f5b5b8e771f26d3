import type { Call } from "./operation.ts";

/**
 * What is waited for, unless the caller's session ends first: then undefined, and what comes later is let go.
 * For answers that are held back for longer than an ended session may be believed.
 */
export async function whileInForce<T>({ sessionEnd }: Call, work: Promise<T>): Promise<T | undefined> {
  if (!sessionEnd) return work;
  const answered = new AbortController();
  // It may fail when nobody waits for it any more.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, sessionEnd(answered.signal).then(() => undefined)]);
  } finally {
    answered.abort();
  }
}
