import type { GatewayEnv } from "./env.ts";
import { assertGoesOn } from "./middleware/authenticate.ts";

/** Often enough that a lease of the access gate is renewed before its end, so that the bound on revocations holds. */
const lookEveryMs = 800;

/**
 * Resolves when an access token that was good no longer is: it has run out, its session has ended, its
 * tenant is switched off, or nobody can tell any more. For answers that go on after they have been admitted.
 * @param answered when nobody needs to know any more
 */
export function sessionEnd(env: GatewayEnv, token: string, answered: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = async () => {
      if (answered.aborted) return resolve();
      try {
        await assertGoesOn(env, token);
        setTimeout(look, lookEveryMs);
      } catch {
        resolve();
      }
    };
    setTimeout(look, lookEveryMs);
  });
}

/**
 * What is waited for, unless the session of the token ends first: then undefined, and what comes later is let go.
 * For answers that are held back for longer than an ended session may be believed.
 */
export async function whileInForce<T>(
  env: GatewayEnv,
  token: string,
  work: Promise<T>,
): Promise<T | undefined> {
  const answered = new AbortController();
  // It may fail when nobody waits for it any more.
  work.catch(() => undefined);
  try {
    return await Promise.race([work, sessionEnd(env, token, answered.signal).then(() => undefined)]);
  } finally {
    answered.abort();
  }
}
