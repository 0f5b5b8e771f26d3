import type { SignedIn } from "#src/kernel/actor.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import type { Platform } from "#src/platform.ts";
import { signAccessToken } from "./access-token.ts";

/** Nobody works in another tenant for longer without saying so again. */
const mostSeconds = 900;

/**
 * An access token of a session for another tenant, which its holder administers with it and no other. It goes when the
 * session does, and no later than what vouches for the session now.
 */
export async function tokenWithin(
  { clock, settings }: Pick<Platform, "clock" | "settings">,
  actor: SignedIn,
  clientId: string,
): Promise<{ access_token: string; expires_in: number }> {
  const now = clock.now();
  const secondsLeft = Math.max(1, Math.floor((actor.expiresAt - now) / 1000));
  const lifetimeSeconds = Math.min(mostSeconds, settings.ACCESS_TOKEN_SECONDS, secondsLeft);
  const holder = { ...actor, clientId, actsFrom: actor.clientId };
  const access_token = await signAccessToken(holder, keyRingOf(settings), { now, lifetimeSeconds });
  return { access_token, expires_in: lifetimeSeconds };
}
