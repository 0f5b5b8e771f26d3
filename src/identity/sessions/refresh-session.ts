import { AppError } from "#src/kernel/app-error.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { findAccount, type UserRow } from "../accounts/user-repository.ts";
import type { TokenResponse } from "../schemas.ts";
import { type IdentityContext, tokenResponse } from "./issue-tokens.ts";
import {
  hashRefreshToken,
  type RefreshToken,
  readRefreshToken,
  refreshTokenOf,
  refreshTokenWithHash,
} from "./refresh-token.ts";
import { findSession, revokeSession, rotateRefreshToken, type SessionRow } from "./session-repository.ts";

/** How long the token before the one in force still gets that one, for a client that retries. */
const graceMilliseconds = 10_000;

/** Hears of a session that was ended because one of its used tokens came back. */
export type OnReuse = (user: UserRow, sessionId: string) => Promise<void>;

/** Whether a session can still be used, its tokens apart. */
const isUsable = (session: SessionRow, now: number, idleMs: number): boolean =>
  session.revokedAt === null && session.expiresAt > now && session.lastUsedAt > now - idleMs;

/**
 * Trades a refresh token for the next one and an access token with the user's
 * current role, tier and permissions. The token right before the one in force
 * gets the same successor again for ten seconds; any other used one ends the session.
 * @throws AppError `TOKEN_INVALID`, `TOKEN_EXPIRED`
 */
export async function refreshSession(
  context: IdentityContext,
  presented: string,
  onReuse: OnReuse,
): Promise<TokenResponse> {
  const { db, clock, settings } = context;
  const token = readRefreshToken(presented, keyRingOf(settings));
  const session = token && (await findSession(db, token.sessionId));
  const account = session && (await findAccount(db, session.userId));
  if (
    !token ||
    !session ||
    !account?.user.isActive ||
    !account.clientActive ||
    !isUsable(session, clock.now(), settings.SESSION_IDLE_SECONDS * 1000)
  ) {
    throw new AppError("TOKEN_INVALID");
  }
  const { user } = account;
  const next = (await rotate(context, session, token)) ?? (await retried(context, token));
  if (next !== undefined) return tokenResponse(context, user.id, session, next);
  const ended = await revokeSession(db, user.id, session.id, clock.now());
  // Of several at once the one that ends the session tells of it.
  if (ended.length > 0) await onReuse(user, session.id);
  throw new AppError("TOKEN_INVALID", { message: "This token was already used; its session has ended" });
}

/** The next token, if this one is in force and nobody was faster. */
async function rotate(
  { db, clock, settings }: IdentityContext,
  session: SessionRow,
  { sessionId, generation }: RefreshToken,
): Promise<string | undefined> {
  if (session.generation !== generation) return undefined;
  const now = clock.now();
  if (session.refreshExpiresAt <= now) throw new AppError("TOKEN_EXPIRED");
  const next = refreshTokenOf({ sessionId, generation: generation + 1 }, keyRingOf(settings));
  const rows = await rotateRefreshToken(db, {
    sessionId,
    generation,
    refreshHash: hashRefreshToken(next),
    now,
    refreshExpiresAt: now + settings.REFRESH_TOKEN_SECONDS * 1000,
  });
  return rows.length > 0 ? next : undefined;
}

/** The token in force, if this is the one right before it and that was traded a moment ago. */
async function retried(
  { db, clock, settings }: IdentityContext,
  { sessionId, generation }: RefreshToken,
): Promise<string | undefined> {
  const current = await findSession(db, sessionId);
  if (!current || current.revokedAt !== null) throw new AppError("TOKEN_INVALID");
  const isFresh = clock.now() - current.rotatedAt <= graceMilliseconds;
  if (!isFresh || current.generation !== generation + 1) return undefined;
  const inForce = { sessionId, generation: current.generation };
  return refreshTokenWithHash(inForce, current.refreshHash, keyRingOf(settings));
}
