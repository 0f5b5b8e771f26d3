import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Mail } from "#src/mail/index.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import {
  findOneTimeToken,
  isOneTimeTokenUnused,
  useOneTimeToken,
  voidOneTimeTokens,
} from "../passwords/one-time-token-repository.ts";
import { messageSchema, tokenSchema } from "../schemas.ts";
import { canTakeEmail, findUser, hasEmail, updateEmail } from "./user-repository.ts";
import { ownAction, userEvent } from "./user-traces.ts";

/**
 * The address is proved by the token, and what was mailed to the old one is void. A token that another account has,
 * or whose address another account has taken, is refused; in the second case it stays good.
 */
export const confirmEmail = sessionOperation({
  name: "confirmEmail",
  summary: "Take the new e-mail address with the token that was mailed to it",
  description:
    "The old address is told, sessions go on, and access tokens say the new one from the next refresh on.",
  input: z.object({ body: z.strictObject({ token: tokenSchema }).openapi("ConfirmEmail") }),
  output: messageSchema,
  refusals: ["CONFLICT"],
  run: async (platform, { userId, device }, { body: { token } }) => {
    const { db, clock } = platform;
    const now = clock.now();
    const [found, user] = await Promise.all([
      findOneTimeToken(db, ["change_email"], token, now),
      findUser(db, userId),
    ]);
    if (!user || found?.userId !== userId || found.address === null) throw new AppError("TOKEN_INVALID");
    const { hash, address } = found;
    const isPossible = canTakeEmail(user, address, isOneTimeTokenUnused(hash, now));
    const data = { user_id: user.id, changed: ["email"] };
    const [, , , changed] = await db.batch([
      auditStatement(db, ownAction("user.email_changed", user, device), now, isPossible),
      platform.tell(userEvent(user, { event: "user.updated", data }), now, isPossible),
      voidOneTimeTokens(db, userId, ["verify_email", "reset_password"], now, isPossible),
      updateEmail(db, user, address, now, isPossible),
      useOneTimeToken(db, hash, now, hasEmail(userId, address)),
    ]);
    if (changed.meta.changes > 0) {
      platform.later("mail not sent", () => platform.mailer().send(noticeTo(user.email)));
      return { message: "The address is changed" };
    }
    if (!(await findOneTimeToken(db, ["change_email"], token, now))) throw new AppError("TOKEN_INVALID");
    throw new AppError("CONFLICT", { message: "The address belongs to an account already" });
  },
});

/** The letter that tells the address an account had that it has another. */
const noticeTo = (to: string): Mail => ({
  to,
  subject: "The e-mail address of your account was changed",
  text:
    "Your account has another e-mail address now, and this one no longer signs in to it.\n\n" +
    "If it was not you, contact your administrator.\n",
});
