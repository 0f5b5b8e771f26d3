import { v7 as uuidv7 } from "uuid";
import { auditStatement } from "#src/audit/index.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import type { Platform } from "#src/platform.ts";
import { cutText } from "#src/text/cut-text.ts";
import { findUser, permissionsOf, type UserRow } from "../accounts/user-repository.ts";
import { type TokenResponse, userSchema } from "../schemas.ts";
import { signAccessToken } from "./access-token.ts";
import { hashRefreshToken, refreshTokenOf } from "./refresh-token.ts";
import { hasSession, newSessionStatements, type SessionRow } from "./session-repository.ts";

/** What issuing tokens takes. */
export type Issuing = Pick<Platform, "db" | "clock" | "settings">;

/**
 * The token response for an account's session; its access token lives no longer than the session. What it says of the
 * account is read now that the session is there: whoever takes a right away before that is heeded here, and
 * whoever does it later ends the session, or tells the gate of the tier.
 * @throws AppError `TOKEN_INVALID` when the account is gone
 */
export async function tokenResponse(
  { db, clock, settings }: Issuing,
  userId: string,
  { id: sessionId, expiresAt }: Pick<SessionRow, "id" | "expiresAt">,
  refreshToken: string,
): Promise<TokenResponse> {
  const [user, permissions] = await Promise.all([findUser(db, userId), permissionsOf(db, userId)]);
  if (!user) throw new AppError("TOKEN_INVALID");
  const actor = {
    userId: user.id,
    email: user.email,
    clientId: user.clientId,
    role: user.role,
    tier: user.tier,
    permissions,
    sessionId,
  };
  const now = clock.now();
  const secondsLeft = Math.max(1, Math.floor((expiresAt - now) / 1000));
  const lifetimeSeconds = Math.min(settings.ACCESS_TOKEN_SECONDS, secondsLeft);
  return {
    access_token: await signAccessToken(actor, keyRingOf(settings), { now, lifetimeSeconds }),
    refresh_token: refreshToken,
    token_type: "Bearer",
    expires_in: lifetimeSeconds,
    user: wireRow(userSchema, user, { permissions }),
  };
}

/**
 * Opens a session for an account that has just proved itself.
 * @throws AppError `INVALID_CREDENTIALS` when its password was changed or it was switched off meanwhile
 */
export async function openSession(context: Issuing, user: UserRow, device: Device): Promise<TokenResponse> {
  const { db, clock, settings } = context;
  const now = clock.now();
  const sessionId = uuidv7({ msecs: now });
  const refreshToken = refreshTokenOf({ sessionId, generation: 0 }, keyRingOf(settings));
  const session = {
    id: sessionId,
    userId: user.id,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + settings.SESSION_ABSOLUTE_SECONDS * 1000,
    ip: device.ip,
    userAgent: cutText(device.userAgent, 255),
    generation: 0,
    refreshHash: hashRefreshToken(refreshToken),
    rotatedAt: now,
    refreshExpiresAt: now + settings.REFRESH_TOKEN_SECONDS * 1000,
  };
  const [{ meta }] = await db.batch([
    ...newSessionStatements(db, session, user.passwordHash),
    auditStatement(
      db,
      {
        actorId: user.id,
        action: "session.opened",
        target: { type: "user", id: user.id },
        clientId: user.clientId,
        details: { session_id: sessionId },
        device,
      },
      now,
      hasSession(sessionId),
    ),
  ]);
  if (meta.changes === 0) throw new AppError("INVALID_CREDENTIALS");
  return tokenResponse(context, user.id, session, refreshToken);
}
