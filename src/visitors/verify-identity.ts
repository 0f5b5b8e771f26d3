import { errors, jwtVerify } from "jose";
import { z } from "zod";
import { AppError } from "#src/kernel/app-error.ts";
import { issueLines } from "#src/kernel/issues.ts";

const longestMs = 24 * 3_600_000;
/** Clocks differ. */
const toleranceSeconds = 5;

const claimsSchema = z.object({
  sub: z.string().min(1).max(200),
  jti: z.string().min(1).max(200),
  exp: z.number().int(),
  name: z.string().trim().min(1).max(200).optional(),
  email: z.email().max(254).optional(),
});

/** Who a visitor is to the tenant, as its server has signed it. */
export interface Identity {
  /** The tenant's own name for them, which alone says who they are. */
  externalId: string;
  /** The name of what was signed: it opens a session once. */
  id: string;
  name: string | null;
  email: string | null;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/**
 * Who a tenant's server says that a visitor is: a JWT, signed with the widget's secret by HS256 and nothing else.
 * @throws AppError `INSUFFICIENT_PERMISSIONS` for one that is another's, was changed, has run out, or is good too long
 */
export async function verifyIdentity(token: string, secret: string, now: number): Promise<Identity> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ["HS256"],
      requiredClaims: ["sub", "exp", "jti"],
      clockTolerance: toleranceSeconds,
      currentDate: new Date(now),
    });
    const { sub, jti, exp, name = null, email = null } = claimsSchema.parse(payload);
    const expiresAt = exp * 1000;
    if (expiresAt - now > longestMs + toleranceSeconds * 1000) throw new TooLong();
    return { externalId: sub, id: jti, name, email, expiresAt };
  } catch (cause) {
    const message = `The identity is not valid: ${reasonOf(cause)}`;
    throw new AppError("INSUFFICIENT_PERMISSIONS", { message, cause });
  }
}

class TooLong extends Error {}

/** What the tenant's server is to mend. More than the first is told of nothing that its own secret has not signed. */
function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return "it has run out";
  if (cause instanceof errors.JWTClaimValidationFailed)
    return `its claim \`${cause.claim}\` is missing or not good`;
  if (cause instanceof z.ZodError) return issueLines(cause).join("; ");
  if (cause instanceof TooLong) return "it is good for more than 24 hours";
  return "it is no JWT that the widget's secret has signed by HS256";
}
