import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { type AuditEntry, auditStatement } from "#src/audit/index.ts";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { refusedFields } from "#src/http/error-response.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Device } from "#src/kernel/device.ts";
import { openOperation } from "#src/operation/operation.ts";
import { cutText } from "#src/text/cut-text.ts";
import { hashPassword } from "../passwords/password-hash.ts";
import { checkNewPassword } from "../passwords/password-policy.ts";
import { registerSchema, tokenResponseSchema } from "../schemas.ts";
import { openSession } from "../sessions/issue-tokens.ts";
import { limitMails } from "./limit-mails.ts";
import { namesOf } from "./names.ts";
import { admitsRegistration } from "./registration.ts";
import { sendVerification } from "./send-verification.ts";
import { findClient, findUserByEmail, newUserStatements } from "./user-repository.ts";
import { ownAction, userEvent } from "./user-traces.ts";

/** Makes an account with profile and free subscription in one batch, and signs it in. */
export const register = openOperation({
  name: "register",
  summary: "Make an account in a tenant that is open for registration",
  input: z.object({ body: registerSchema }),
  output: tokenResponseSchema,
  refusals: ["REGISTRATION_CLOSED", "NOT_FOUND", "USER_EXISTS"],
  run: async (platform, { device }, { body }) => {
    const { db, clock } = platform;
    const { email, password, client_id, company, invite_code } = body;
    const names = namesOf(body);
    if (!(await platform.config()).registration_open) {
      throw new AppError("REGISTRATION_CLOSED", { message: "Nobody can register at present" });
    }
    const client = await findClient(db, client_id);
    if (!client?.isActive) throw new AppError("NOT_FOUND", { message: "No such tenant" });
    if (body.role !== undefined) {
      await auditStatement(db, askedForRole(client_id, body.role, device), clock.now());
      throw refusedFields([{ path: "role", message: "A new account's role is user" }]);
    }
    if (!admitsRegistration(client.settings, invite_code)) throw new AppError("REGISTRATION_CLOSED");
    checkNewPassword(password, email);
    if (await findUserByEmail(db, email)) throw new AppError("USER_EXISTS");
    const now = clock.now();
    const user = newUser(uuidv7({ msecs: now }), email, await hashPassword(password), client_id, now);
    const profile = { ...names, company };
    try {
      await db.batch([
        ...newUserStatements(db, user, profile, uuidv7({ msecs: now })),
        platform.tell(userEvent(user, { event: "user.created", data: { user_id: user.id, email } }), now),
        auditStatement(db, ownAction("user.registered", user, device), now),
      ]);
    } catch (error) {
      // Two registrations of one address at once: the unique index decides.
      if (isUniqueViolation(error)) throw new AppError("USER_EXISTS", { cause: error });
      throw error;
    }
    const tokens = await openSession(platform, user, device);
    // The account stands whether or not the mail goes out now; it can be asked for again.
    platform.later("mail not sent", async () => {
      const mailer = platform.mailer();
      await limitMails(platform, device.ip);
      await sendVerification(platform, mailer, user);
    });
    return tokens;
  },
});

/** The audit entry of a registration that named a role. */
const askedForRole = (clientId: string, role: unknown, device: Device): AuditEntry => ({
  actorId: null,
  action: "user.role_refused",
  target: { type: "client", id: clientId },
  clientId,
  device,
  details: { role: cutText(JSON.stringify(role), maxRoleLength) },
});

/** A longer role is no role of anybody. */
const maxRoleLength = 50;

const newUser = (id: string, email: string, passwordHash: string, clientId: string, now: number) =>
  ({
    id,
    email,
    passwordHash,
    clientId,
    role: "user",
    tier: "free",
    isActive: true,
    emailVerified: false,
    mustChangePassword: false,
    createdAt: now,
    updatedAt: now,
    lastLoginAt: null,
    lastActiveDay: null,
    totalLogins: 0,
    deletedAt: null,
    scrubbedAt: null,
    tierUntoldSince: null,
  }) as const;
