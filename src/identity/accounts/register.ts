import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { auditStatement } from "#src/audit/index.ts";
import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { openOperation } from "#src/operation/operation.ts";
import { hashPassword } from "../passwords/password-hash.ts";
import { checkNewPassword } from "../passwords/password-policy.ts";
import { registerSchema, tokenResponseSchema } from "../schemas.ts";
import { openSession } from "../sessions/issue-tokens.ts";
import { limitMails } from "./limit-mails.ts";
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
    const { email, password, client_id, first_name, last_name, company, invite_code } = body;
    if (!(await platform.config()).registration_open) {
      throw new AppError("REGISTRATION_CLOSED", { message: "Nobody can register at present" });
    }
    const client = await findClient(db, client_id);
    if (!client?.isActive) throw new AppError("NOT_FOUND", { message: "No such tenant" });
    if (!admitsRegistration(client.settings, invite_code)) throw new AppError("REGISTRATION_CLOSED");
    checkNewPassword(password, email);
    if (await findUserByEmail(db, email)) throw new AppError("USER_EXISTS");
    const now = clock.now();
    const user = newUser(uuidv7({ msecs: now }), email, await hashPassword(password), client_id, now);
    const profile = { firstName: first_name, lastName: last_name, company };
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
