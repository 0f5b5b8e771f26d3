import { createMiddleware } from "hono/factory";
import { accessLease } from "../../../durable-objects/access-gate/lease.ts";
import { settingsOf } from "../../../src/config.ts";
import { AppError } from "../../../src/http/app-error.ts";
import {
  type KeyRing,
  keyRingOf,
  type VerifiedToken,
  verifyAccessToken,
} from "../../../src/identity/access-token.ts";
import type { Role } from "../../../src/identity/principal.ts";
import { requireRole as assertRole } from "../../../src/identity/principal.ts";
import type { GatewayContext } from "../context.ts";
import type { GatewayEnv } from "../env.ts";

const rings = new WeakMap<GatewayEnv, KeyRing>();

/** Tokens this isolate has verified, so that a busy client's signature is checked once. Bounded; cleared when full. */
const verified = new Map<string, VerifiedToken>();
const mostVerified = 5000;

async function verify(env: GatewayEnv, token: string, now: number): Promise<VerifiedToken> {
  const known = verified.get(token);
  if (known && known.expiresAt * 1000 > now) return known;
  let ring = rings.get(env);
  if (!ring) {
    ring = keyRingOf(settingsOf(env));
    rings.set(env, ring);
  }
  const result = await verifyAccessToken(token, ring, {
    now,
    lifetimeSeconds: settingsOf(env).ACCESS_TOKEN_SECONDS,
  });
  if (verified.size >= mostVerified) verified.clear();
  verified.set(token, result);
  return result;
}

/**
 * Verifies an access token and that neither its session, its user nor its tenant has been shut out since.
 * @throws AppError `TOKEN_EXPIRED`, `TOKEN_INVALID`
 */
export async function verifiedToken(env: GatewayEnv, token: string): Promise<VerifiedToken> {
  const now = Date.now();
  const result = await verify(env, token, now);
  const { principal, issuedAt } = result;
  const lease = await accessLease(env, principal.clientId, now);
  const userCutoff = lease.revokedUsers[principal.userId];
  const shutOut =
    !lease.tenantActive ||
    lease.revokedSessions.includes(principal.sessionId) ||
    (userCutoff !== undefined && issuedAt * 1000 < userCutoff);
  if (shutOut) throw new AppError("TOKEN_INVALID", { message: "The session has ended" });
  return result;
}

/** Puts the caller into the context; 401 without a valid access token. Identity headers are never read. */
export const authenticate = createMiddleware<GatewayContext>(async (c, next) => {
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(c.req.header("authorization") ?? "") ?? [];
  if (!token) throw new AppError("UNAUTHORIZED");
  const { principal } = await verifiedToken(c.env, token);
  c.set("principal", principal);
  await next();
});

/** 403 unless the caller has `role` or a higher one. */
export const requireRole = (role: Role) =>
  createMiddleware<GatewayContext>(async (c, next) => {
    assertRole(c.var.principal, role);
    await next();
  });
