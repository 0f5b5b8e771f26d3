import { errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { roles, type SignedIn, scopeOf, tiers } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type KeyRing, signingKeyOf } from "#src/kernel/key-ring.ts";

const issuer = "ai-persona-system";
const algorithm = "HS256";
/** RFC 9068's type: keeps every other token we might ever sign from passing as an access token. */
const type = "at+jwt";

const claimsSchema = z.object({
  sub: z.uuid(),
  user_id: z.uuid(),
  email: z.string().max(254),
  client_id: z.string().regex(/^[A-Za-z0-9_]{3,50}$/),
  role: z.enum(roles),
  tier: z.enum(tiers),
  permissions: z.array(z.string().max(100)).max(200),
  sid: z.uuid(),
  /** The holder's own tenant, where `client_id` is another that they act within. */
  acts_from: z.string().max(50).optional(),
  jti: z.string().max(64),
  iat: z.number(),
  nbf: z.number(),
  exp: z.number(),
});

/** The key as WebCrypto has it, imported once per isolate and ring. */
const imported = new WeakMap<Uint8Array, CryptoKey>();

/** A signing key as WebCrypto has it. */
export async function cryptoKeyOf(key: Uint8Array): Promise<CryptoKey> {
  const known = imported.get(key);
  if (known) return known;
  const algorithmOfKey = { name: "HMAC", hash: "SHA-256" };
  const made = await crypto.subtle.importKey("raw", key, algorithmOfKey, false, ["sign", "verify"]);
  imported.set(key, made);
  return made;
}

/** The key of a ring that a token's header names. */
export function keyOfHeader(ring: KeyRing, { kid }: { kid?: string }): Promise<CryptoKey> {
  const key = kid === undefined ? undefined : ring.keys.get(kid);
  if (!key) throw new errors.JWTInvalid("Unknown key");
  return cryptoKeyOf(key);
}

/** What a token says of who holds it; how and from where they call is the call's own. */
export type TokenHolder = Omit<SignedIn, "via" | "device" | "expiresAt">;

/** A verified token: who calls, since when and until when (epoch seconds). */
export interface VerifiedToken {
  actor: TokenHolder;
  issuedAt: number;
  expiresAt: number;
}

/** Signs an access token (docs/accounts.md#signing-in). Times in epoch milliseconds. */
export async function signAccessToken(
  actor: Omit<TokenHolder, "kind" | "scope">,
  ring: KeyRing,
  { now, lifetimeSeconds }: { now: number; lifetimeSeconds: number },
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({
    user_id: actor.userId,
    email: actor.email,
    client_id: actor.clientId,
    role: actor.role,
    tier: actor.tier,
    permissions: [...actor.permissions],
    sid: actor.sessionId,
    acts_from: actor.actsFrom,
  })
    .setProtectedHeader({ alg: algorithm, typ: type, kid: ring.signingKeyId })
    .setIssuer(issuer)
    .setSubject(actor.userId)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(await cryptoKeyOf(signingKeyOf(ring)));
}

/**
 * Verifies signature, algorithm, type, issuer, times and shape.
 * @throws AppError `TOKEN_EXPIRED` or `TOKEN_INVALID`
 */
export async function verifyAccessToken(
  token: string,
  ring: KeyRing,
  {
    now,
    lifetimeSeconds,
    operatorClientId,
  }: { now: number; lifetimeSeconds: number; operatorClientId: string | undefined },
): Promise<VerifiedToken> {
  try {
    const { payload } = await jwtVerify(token, (header) => keyOfHeader(ring, header), {
      algorithms: [algorithm],
      issuer,
      typ: type,
      requiredClaims: ["exp", "iat", "nbf", "sub"],
      maxTokenAge: lifetimeSeconds,
      clockTolerance: 5,
      currentDate: new Date(now),
    });
    const claims = claimsSchema.parse(payload);
    if (claims.sub !== claims.user_id || claims.exp - claims.iat > lifetimeSeconds)
      throw new AppError("TOKEN_INVALID");
    // Only the operator's administrators act within others, and only they as long as they are the operator's.
    if (claims.acts_from !== undefined && claims.acts_from !== operatorClientId)
      throw new AppError("TOKEN_INVALID");
    return {
      actor: {
        kind: "user",
        userId: claims.user_id,
        email: claims.email,
        clientId: claims.client_id,
        role: claims.role,
        tier: claims.tier,
        permissions: claims.permissions,
        sessionId: claims.sid,
        ...(claims.acts_from === undefined ? {} : { actsFrom: claims.acts_from }),
        scope: scopeOf(
          { role: claims.role, clientId: claims.client_id, permissions: claims.permissions },
          operatorClientId,
        ),
      },
      issuedAt: claims.iat,
      expiresAt: claims.exp,
    };
  } catch (cause) {
    throw new AppError(cause instanceof errors.JWTExpired ? "TOKEN_EXPIRED" : "TOKEN_INVALID", { cause });
  }
}
