import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { AppError } from "#src/kernel/app-error.ts";
import { type KeyRing, signingKeyOf } from "#src/kernel/key-ring.ts";
import { type Caller, callerSchema } from "#src/realtime/index.ts";
import { cryptoKeyOf, keyOfHeader } from "./access-token.ts";

/** How long a ticket is good. */
export const ticketSeconds = 30;

const issuer = "ai-persona-system";
const algorithm = "HS256";
/** Keeps an access token from passing as a ticket, and the other way round. */
const type = "ticket+jwt";

const claimsSchema = z.object({
  caller: callerSchema,
  origin: z.string().nullable(),
  jti: z.uuid(),
  exp: z.number(),
});

/** A ticket that can still be used: whose it is, and how the one who takes it knows it again. */
export interface Ticket {
  caller: Caller;
  id: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/**
 * A ticket that stands for an access token where none can be sent, for one connection.
 * @param origin the page it was asked for by; none for what is no page
 */
export async function signTicket(
  { caller, origin }: { caller: Caller; origin: string | null },
  ring: KeyRing,
  now: number,
): Promise<string> {
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({ caller, origin })
    .setProtectedHeader({ alg: algorithm, typ: type, kid: ring.signingKeyId })
    .setIssuer(issuer)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ticketSeconds)
    .sign(await cryptoKeyOf(signingKeyOf(ring)));
}

/**
 * Verifies a ticket, and that it comes from the page that asked for it. Whether it has been used the hub knows.
 * @throws AppError `TOKEN_INVALID`
 */
export async function verifyTicket(
  ticket: string,
  origin: string | null,
  ring: KeyRing,
  now: number,
): Promise<Ticket> {
  try {
    const { payload } = await jwtVerify(ticket, (header) => keyOfHeader(ring, header), {
      algorithms: [algorithm],
      issuer,
      typ: type,
      currentDate: new Date(now),
    });
    const { caller, origin: askedBy, jti, exp } = claimsSchema.parse(payload);
    if (askedBy !== origin || caller.expiresAt <= now) throw new AppError("TOKEN_INVALID");
    return { caller, id: jti, expiresAt: exp * 1000 };
  } catch (cause) {
    throw new AppError("TOKEN_INVALID", { message: "The ticket is not valid", cause });
  }
}
