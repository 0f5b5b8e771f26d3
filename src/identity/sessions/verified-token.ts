import type { SignedIn } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type KeyRing, keyRingOf } from "#src/kernel/key-ring.ts";
import { accessLease } from "#src/objects/access-lease.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { claimsLostTier, isHigherTier } from "../gates/tier-change.ts";
import { type TokenHolder, type VerifiedToken, verifyAccessToken } from "./access-token.ts";
import { tierOfSession } from "./session-repository.ts";

export type Verifying = Pick<Platform, "db" | "clock" | "settings" | "objects" | "log">;

/**
 * Tokens this isolate has verified, so that a busy client's signature is checked once; by key ring,
 * so that none outlives its key. Bounded; the oldest goes.
 */
const verifiedBy = new WeakMap<KeyRing, Map<string, VerifiedToken>>();
const maxVerified = 5000;

/** Whether this isolate has verified a token already. */
export const isVerifiedHere = ({ settings }: Pick<Verifying, "settings">, token: string): boolean =>
  verifiedBy.get(keyRingOf(settings))?.has(token) === true;

async function verify({ settings }: Verifying, token: string, now: number): Promise<VerifiedToken> {
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

/** Who has been let in by a token. */
interface LetIn {
  actor: Pick<TokenHolder, "userId" | "clientId" | "actsFrom" | "sessionId" | "tier">;
  /** Epoch seconds. */
  issuedAt: number;
}

interface Standing {
  /** The session has ended, or the tenant is switched off. */
  isShutOut: boolean;
  /** The account's tier has fallen below the token's. */
  isStale: boolean;
}

/** What the gate says of a token, or the database when the gate does not answer or has too much to say. */
async function standingOf(
  { db, objects, log }: Omit<Verifying, "settings">,
  token: LetIn,
  now: number,
): Promise<Standing> {
  const { userId, sessionId, tier } = token.actor;
  // A session is known where its account is, wherever its holder acts.
  const clientId = token.actor.actsFrom ?? token.actor.clientId;
  const lease = await accessLease(() => objects.gate(clientId), clientId, now).catch((error: unknown) => {
    log.warn("access gate unreachable, asking the database", { client_id: clientId, ...errorFields(error) });
  });
  if (lease && !lease.isTooMuch) {
    return {
      isShutOut: !lease.tenantActive || lease.revokedSessions.has(sessionId),
      isStale: claimsLostTier(token, lease.tierChanges.get(userId)),
    };
  }
  const current = await tierOfSession(db, sessionId);
  return {
    isShutOut: current === undefined,
    isStale: current !== undefined && isHigherTier(tier, current),
  };
}

/** Neither the gate nor the database can say whether a session is in force: that is no word about the session. */
export function nobodyCanTell(cause: unknown): never {
  throw new AppError("UPSTREAM_UNAVAILABLE", { headers: { "Retry-After": "5" }, cause });
}

/** How somebody stands who is in force still. @throws AppError `TOKEN_INVALID`; `UPSTREAM_UNAVAILABLE` */
async function standingInForce(platform: Verifying, letIn: LetIn, now: number): Promise<Standing> {
  const standing = await standingOf(platform, letIn, now).catch(nobodyCanTell);
  if (standing.isShutOut) throw new AppError("TOKEN_INVALID", { message: "The session has ended" });
  return standing;
}

async function admitted(platform: Verifying, token: string): Promise<VerifiedToken & Standing> {
  const now = platform.clock.now();
  const result = await verify(platform, token, now);
  return { ...result, ...(await standingInForce(platform, result, now)) };
}

/**
 * Verifies that a token which was admitted still is: that its session goes on. A tier that
 * has fallen ends nothing that is under way.
 * @throws AppError as `verifiedToken`
 */
export async function assertGoesOn(platform: Verifying, token: string): Promise<void> {
  await admitted(platform, token);
}

/**
 * Verifies an access token, that neither its session nor its tenant has been shut out since, and that its
 * account's tier has not fallen below it: then it is to be refreshed.
 * @throws AppError `TOKEN_EXPIRED`, `TOKEN_INVALID`; `UPSTREAM_UNAVAILABLE` when nobody can tell
 */
export async function verifiedToken(platform: Verifying, token: string): Promise<VerifiedToken> {
  const { isStale, ...verified } = await admitted(platform, token);
  if (isStale) throw tierChanged();
  return verified;
}

const tierChanged = () =>
  new AppError("TOKEN_EXPIRED", { message: "The account's tier has changed; refresh the token" });

/**
 * Verifies that what let somebody in, whose token is not at hand any more, still would: as `verifiedToken`.
 * @throws AppError as `verifiedToken`
 */
export async function assertLetIn(
  platform: Verifying,
  { expiresAt, ...actor }: LetIn["actor"] & Pick<SignedIn, "expiresAt">,
): Promise<void> {
  const now = platform.clock.now();
  if (expiresAt <= now) throw new AppError("TOKEN_EXPIRED");
  const issuedAt = expiresAt / 1000 - platform.settings.ACCESS_TOKEN_SECONDS;
  if ((await standingInForce(platform, { actor, issuedAt }, now)).isStale) throw tierChanged();
}
