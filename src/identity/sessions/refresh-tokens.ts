import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { openOperation } from "#src/operation/operation.ts";
import { reportLater } from "../accounts/report-suspicion.ts";
import { findAccount } from "../accounts/user-repository.ts";
import { shutOut } from "../gates/shut-out.ts";
import { tokenResponseSchema, tokenSchema } from "../schemas.ts";
import { type Issuing, tokenResponse } from "./issue-tokens.ts";
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

/** Whether a session can still be used, its tokens apart. */
const isUsable = (session: SessionRow, now: number, idleMs: number): boolean =>
  session.revokedAt === null && session.expiresAt > now && session.lastUsedAt > now - idleMs;

export const refreshSchema = z.strictObject({ refresh_token: tokenSchema }).openapi("Refresh");

/**
 * The new access token says the user's current role, tier and permissions. The token right before the one in force
 * gets the same successor again for ten seconds; any other used one ends the session.
 */
export const refreshTokens = openOperation({
  name: "refreshTokens",
  summary: "Trade a refresh token for new tokens",
  input: z.object({ body: refreshSchema }),
  output: tokenResponseSchema,
  refusals: ["TOKEN_INVALID", "TOKEN_EXPIRED"],
  run: async (platform, { device }, { body }) => {
    const { db, clock, settings } = platform;
    const token = readRefreshToken(body.refresh_token, keyRingOf(settings));
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
    const next = (await rotate(platform, session, token)) ?? (await retried(platform, token));
    if (next !== undefined) return tokenResponse(platform, user.id, session, next);
    const ended = await revokeSession(db, user.id, session.id, clock.now());
    // Of several at once the one that ends the session tells of it.
    if (ended.length > 0) {
      const facts = { session_id: session.id };
      reportLater(platform, device, user, { kind: "refresh_token_reused", facts });
      await shutOut(platform, user.clientId, session.id);
    }
    throw new AppError("TOKEN_INVALID", { message: "This token was already used; its session has ended" });
  },
});

/** The next token, if this one is in force and nobody was faster. */
async function rotate(
  { db, clock, settings }: Issuing,
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
  { db, clock, settings }: Issuing,
  { sessionId, generation }: RefreshToken,
): Promise<string | undefined> {
  const current = await findSession(db, sessionId);
  if (!current || current.revokedAt !== null) throw new AppError("TOKEN_INVALID");
  const isFresh = clock.now() - current.rotatedAt <= graceMilliseconds;
  if (!isFresh || current.generation !== generation + 1) return undefined;
  const inForce = { sessionId, generation: current.generation };
  return refreshTokenWithHash(inForce, current.refreshHash, keyRingOf(settings));
}
