import { decodeProtectedHeader, errors, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { cryptoKeyOf, keyOfHeader } from "#src/identity/index.ts";
import type { Visit } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type KeyRing, signingKeyOf } from "#src/kernel/key-ring.ts";

/** How long a visitor's access token is good. */
export const visitorTokenSeconds = 900;

const issuer = "ai-persona-system";
const algorithm = "HS256";
/** Keeps it from passing as an access token of an account, and the other way round. */
const type = "visitor+jwt";

const claimsSchema = z.object({
  sub: z.uuid(),
  client_id: z.string(),
  widget_id: z.uuid(),
  instance_id: z.uuid(),
  origin: z.string(),
  exp: z.number(),
});

/** A visit as its token says it, and in which tenant it is. */
export interface VouchedVisit {
  clientId: string;
  visit: Visit;
}

/** Whether a token says that it is a visitor's. Nothing is verified. */
export function isVisitorToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === type;
  } catch {
    return false;
  }
}

/** Signs a visitor's access token. */
export async function signVisitorToken(
  { clientId, visit }: { clientId: string; visit: Omit<Visit, "expiresAt"> },
  ring: KeyRing,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  const claims = {
    client_id: clientId,
    widget_id: visit.widgetId,
    instance_id: visit.instanceId,
    origin: visit.origin,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: type, kid: ring.signingKeyId })
    .setIssuer(issuer)
    .setSubject(visit.visitorId)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + visitorTokenSeconds)
    .sign(await cryptoKeyOf(signingKeyOf(ring)));
}

/** @throws AppError `TOKEN_EXPIRED`, `TOKEN_INVALID` */
export async function verifyVisitorToken(token: string, ring: KeyRing, now: number): Promise<VouchedVisit> {
  try {
    const { payload } = await jwtVerify(token, (header) => keyOfHeader(ring, header), {
      algorithms: [algorithm],
      issuer,
      typ: type,
      maxTokenAge: visitorTokenSeconds,
      clockTolerance: 5,
      currentDate: new Date(now),
    });
    const { sub, client_id, widget_id, instance_id, origin, exp } = claimsSchema.parse(payload);
    return {
      clientId: client_id,
      visit: {
        visitorId: sub,
        widgetId: widget_id,
        instanceId: instance_id,
        origin,
        expiresAt: exp * 1000,
      },
    };
  } catch (cause) {
    throw new AppError(cause instanceof errors.JWTExpired ? "TOKEN_EXPIRED" : "TOKEN_INVALID", { cause });
  }
}
