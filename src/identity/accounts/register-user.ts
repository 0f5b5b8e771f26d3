import { v7 as uuidv7 } from "uuid";
import { auditStatement } from "#src/audit/audit-repository.ts";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { hashPassword } from "../passwords/password-hash.ts";
import { checkNewPassword } from "../passwords/password-policy.ts";
import type { Register, TokenResponse } from "../schemas.ts";
import { type IdentityContext, openSession } from "../sessions/issue-tokens.ts";
import { admitsRegistration } from "./registration.ts";
import { findClient, findUserByEmail, newUserStatements } from "./user-repository.ts";
import { ownAction, userEvent } from "./user-traces.ts";

/**
 * Makes an account with profile and free subscription in one batch, and signs it in.
 * @throws AppError `NOT_FOUND` no such active tenant; `REGISTRATION_CLOSED`, also without a valid
 *   invite code where one is needed; `USER_EXISTS`
 */
export async function registerUser(
  context: IdentityContext,
  request: Register,
  device: Device,
): Promise<TokenResponse> {
  const { db, clock } = context;
  const client = await findClient(db, request.client_id);
  if (!client?.isActive) throw new AppError("NOT_FOUND", { message: "No such tenant" });
  if (!admitsRegistration(client.settings, request.invite_code)) throw new AppError("REGISTRATION_CLOSED");
  checkNewPassword(request.password, request.email);
  if (await findUserByEmail(db, request.email)) throw new AppError("USER_EXISTS");
  const now = clock.now();
  const id = uuidv7({ msecs: now });
  const user = {
    id,
    email: request.email,
    passwordHash: await hashPassword(request.password),
    clientId: request.client_id,
    role: "user",
    tier: "free",
    isActive: true,
    emailVerified: false,
    mustChangePassword: false,
    createdAt: now,
    updatedAt: now,
    lastLoginAt: null,
    totalLogins: 0,
    deletedAt: null,
    scrubbedAt: null,
    tierUntoldSince: null,
  } as const;
  const profile = { firstName: request.first_name, lastName: request.last_name, company: request.company };
  try {
    await db.batch([
      ...newUserStatements(db, user, profile, uuidv7({ msecs: now })),
      outboxStatement(
        db,
        userEvent(user, { event: "user.created", data: { user_id: user.id, email: user.email } }),
        now,
      ),
      auditStatement(db, ownAction("user.registered", user, device), now),
    ]);
  } catch (error) {
    // Two registrations of one address at once: the unique index decides.
    if (isUniqueViolation(error)) throw new AppError("USER_EXISTS", { cause: error });
    throw error;
  }
  return openSession(context, user, device);
}
