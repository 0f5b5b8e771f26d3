import { AppError } from "../http/app-error.ts";
import { keyRingOf } from "./access-token.ts";
import { type IdentityContext, tokenResponse } from "./issue-tokens.ts";
import { hashRefreshToken, readRefreshToken, refreshTokenOf } from "./refresh-token.ts";
import type { TokenResponse } from "./schemas.ts";
import { findSession, revokeSession, rotateRefreshToken, type SessionRow } from "./session-repository.ts";
import { findUser, type UserRow } from "./user-repository.ts";

/** How long the token before the one in force still gets that one, for a client that retries. */
export const graceMilliseconds = 10_000;

/** Whether a session can still be used, its tokens apart. */
const isUsable = (session: SessionRow, now: number, idleMs: number): boolean =>
  session.revokedAt === null && session.expiresAt > now && session.lastUsedAt > now - idleMs;

/**
 * Trades a refresh token for the next one and an access token with the user's
 * current role, tier and permissions. The token right before the one in force
 * gets the same successor again for ten seconds; any other used one ends the session.
 * @param shutOut closes the session everywhere else
 * @throws AppError `TOKEN_INVALID`, `TOKEN_EXPIRED`
 */
export async function refreshSession(
  context: IdentityContext,
  presented: string,
  shutOut: (clientId: string, sessionId: string) => Promise<void>,
): Promise<TokenResponse> {
  const { db, clock, settings } = context;
  const now = clock.now();
  const ring = keyRingOf(settings);
  const token = readRefreshToken(presented, ring);
  const session = token && (await findSession(db, token.sessionId));
  const user = session && (await findUser(db, session.userId));
  if (
    !token ||
    !session ||
    !user?.isActive ||
    !isUsable(session, now, settings.SESSION_IDLE_SECONDS * 1000)
  ) {
    throw new AppError("TOKEN_INVALID");
  }
  const next = refreshTokenOf({ ...token, generation: token.generation + 1 }, ring);
  const answer = () => tokenResponse(context, user, session.id, next);
  const inForce = await goOn(context, session, token.generation, next);
  if (inForce === token.generation + 1) return answer();
  await endReused(context, user, session, shutOut);
  throw new AppError("TOKEN_INVALID", { message: "This token was already used; its session has ended" });
}

/** The generation in force after this token was presented; `token.generation + 1` means that it may have it. */
async function goOn(
  { db, clock, settings }: IdentityContext,
  session: SessionRow,
  generation: number,
  next: string,
): Promise<number> {
  const now = clock.now();
  const refreshHash = hashRefreshToken(next);
  if (session.generation === generation) {
    if (session.refreshExpiresAt <= now) throw new AppError("TOKEN_EXPIRED");
    const refreshExpiresAt = now + settings.REFRESH_TOKEN_SECONDS * 1000;
    const rotation = { sessionId: session.id, generation, refreshHash, now, refreshExpiresAt };
    if ((await rotateRefreshToken(db, rotation)).length > 0) return generation + 1;
  }
  // Somebody was faster, a moment ago or just now.
  const current = await findSession(db, session.id);
  if (!current || current.revokedAt !== null) throw new AppError("TOKEN_INVALID");
  const isRetry = now - current.rotatedAt <= graceMilliseconds && current.refreshHash === refreshHash;
  return isRetry ? current.generation : -1;
}

async function endReused(
  { db, clock }: IdentityContext,
  user: UserRow,
  session: SessionRow,
  shutOut: (clientId: string, sessionId: string) => Promise<void>,
): Promise<void> {
  await revokeSession(db, user.id, session.id, clock.now());
  await shutOut(user.clientId, session.id);
}
