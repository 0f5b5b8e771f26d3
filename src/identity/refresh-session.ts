import { AppError } from "../http/app-error.ts";
import { type IdentityContext, tokenResponse } from "./issue-tokens.ts";
import { hashRefreshToken, newRefreshToken } from "./refresh-token.ts";
import type { TokenResponse } from "./schemas.ts";
import { findSessionByRefreshHash, revokeSessionRow, rotateRefreshToken } from "./session-repository.ts";
import { findUser } from "./user-repository.ts";

/**
 * Trades a refresh token for a new one and an access token with the user's
 * current role, tier and permissions. Presenting a used token ends its session.
 * @throws AppError `TOKEN_INVALID`
 */
export async function refreshSession(
  context: IdentityContext,
  presented: string,
  revoke: (clientId: string, sessionId: string) => Promise<void>,
): Promise<TokenResponse> {
  const { db, clock, settings } = context;
  const now = clock.now();
  const hash = hashRefreshToken(presented);
  const session = await findSessionByRefreshHash(db, hash);
  const user = session && (await findUser(db, session.userId));
  const idleSince = now - settings.SESSION_IDLE_SECONDS * 1000;
  if (
    !session ||
    !user?.isActive ||
    session.revokedAt !== null ||
    session.expiresAt <= now ||
    session.lastUsedAt < idleSince
  ) {
    throw new AppError("TOKEN_INVALID");
  }
  if (session.refreshHash !== hash) {
    await revokeSessionRow(db, session.id, now);
    await revoke(user.clientId, session.id);
    throw new AppError("TOKEN_INVALID", { message: "This token was already used; its session has ended" });
  }
  if (session.refreshExpiresAt <= now) throw new AppError("TOKEN_EXPIRED");
  const next = newRefreshToken();
  const rotated = await rotateRefreshToken(db, {
    sessionId: session.id,
    from: hash,
    to: hashRefreshToken(next),
    now,
    expiresAt: now + settings.REFRESH_TOKEN_SECONDS * 1000,
  });
  if (rotated.length === 0) throw new AppError("TOKEN_INVALID");
  return tokenResponse(context, user, session.id, next);
}
