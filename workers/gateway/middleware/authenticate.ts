import { createMiddleware } from "hono/factory";
import { accessGate } from "#durable-objects/access-gate/client.ts";
import { database } from "#src/db/client.ts";
import { claimsLostTier, isHigherTier } from "#src/identity/gates/tier-change.ts";
import { type VerifiedToken, verifyAccessToken } from "#src/identity/sessions/access-token.ts";
import { tierOfSession } from "#src/identity/sessions/session-repository.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { type KeyRing, keyRingOf } from "#src/kernel/key-ring.ts";
import { accessLease } from "#src/objects/access-lease.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import type { GatewayContext } from "../context.ts";
import type { GatewayEnv } from "../env.ts";
import { deviceOf } from "../identity-context.ts";

/**
 * Tokens this isolate has verified, so that a busy client's signature is checked once; by key ring,
 * so that none outlives its key. Bounded; the oldest goes.
 */
const verifiedBy = new WeakMap<KeyRing, Map<string, VerifiedToken>>();
const maxVerified = 5000;

async function verify(env: GatewayEnv, token: string, now: number): Promise<VerifiedToken> {
  const settings = settingsOf(env);
  const ring = keyRingOf(settings);
  const verified = verifiedBy.get(ring) ?? new Map<string, VerifiedToken>();
  verifiedBy.set(ring, verified);
  const known = verified.get(token);
  if (known && known.expiresAt * 1000 > now) return known;
  const result = await verifyAccessToken(token, ring, {
    now,
    lifetimeSeconds: settings.ACCESS_TOKEN_SECONDS,
    operatorClientId: settings.OPERATOR_CLIENT_ID,
  });
  const [oldest] = verified.keys();
  if (verified.size >= maxVerified && oldest !== undefined) verified.delete(oldest);
  verified.set(token, result);
  return result;
}

interface Standing {
  /** The session has ended, or the tenant is switched off. */
  isShutOut: boolean;
  /** The account's tier has fallen below the token's. */
  isStale: boolean;
}

/** What the gate says of a token, or the database when the gate does not answer or has too much to say. */
async function standingOf(env: GatewayEnv, token: VerifiedToken, now: number): Promise<Standing> {
  const { userId, clientId, sessionId, tier } = token.actor;
  const lease = await accessLease(accessGate(env, clientId), clientId, now).catch((error: unknown) => {
    createLogger("gateway").warn("access gate unreachable, asking the database", {
      client_id: clientId,
      ...errorFields(error),
    });
  });
  if (lease && !lease.isTooMuch) {
    return {
      isShutOut: !lease.tenantActive || lease.revokedSessions.has(sessionId),
      isStale: claimsLostTier(token, lease.tierChanges.get(userId)),
    };
  }
  const current = await tierOfSession(database(env.DB), sessionId);
  return {
    isShutOut: current === undefined,
    isStale: current !== undefined && isHigherTier(tier, current),
  };
}

/** Neither the gate nor the database can say whether a session is in force: that is no word about the session. */
export function nobodyCanTell(cause: unknown): never {
  throw new AppError("UPSTREAM_UNAVAILABLE", { headers: { "Retry-After": "5" }, cause });
}

async function admitted(env: GatewayEnv, token: string): Promise<VerifiedToken & Standing> {
  const now = Date.now();
  const result = await verify(env, token, now);
  const standing = await standingOf(env, result, now).catch(nobodyCanTell);
  if (standing.isShutOut) throw new AppError("TOKEN_INVALID", { message: "The session has ended" });
  return { ...result, ...standing };
}

/**
 * Verifies that a token which was admitted still is: that its session goes on. A tier that
 * has fallen ends nothing that is under way.
 * @throws AppError as `verifiedToken`
 */
export async function assertGoesOn(env: GatewayEnv, token: string): Promise<void> {
  await admitted(env, token);
}

/**
 * Verifies an access token, that neither its session nor its tenant has been shut out since, and that its
 * account's tier has not fallen below it: then it is to be refreshed.
 * @throws AppError `TOKEN_EXPIRED`, `TOKEN_INVALID`; `UPSTREAM_UNAVAILABLE` when nobody can tell
 */
export async function verifiedToken(env: GatewayEnv, token: string): Promise<VerifiedToken> {
  const { isStale, ...verified } = await admitted(env, token);
  if (isStale)
    throw new AppError("TOKEN_EXPIRED", { message: "The account's tier has changed; refresh the token" });
  return verified;
}

/** The token of an `Authorization: Bearer` header. */
export const bearerToken = (header: string | undefined): string | undefined =>
  /^Bearer ([\w.~+/-]+=*)$/i.exec(header ?? "")?.[1];

/** Puts the caller into the context; 401 without a valid access token. Identity headers are never read. */
export const authenticate = createMiddleware<GatewayContext>(async (c, next) => {
  const token = bearerToken(c.req.header("authorization"));
  if (!token) throw new AppError("UNAUTHORIZED");
  const { actor } = await verifiedToken(c.env, token);
  c.set("actor", { ...actor, via: "rest", device: deviceOf(c) });
  await next();
});
