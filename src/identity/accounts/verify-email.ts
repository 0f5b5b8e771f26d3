import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { openOperation } from "#src/operation/operation.ts";
import {
  findOneTimeToken,
  isOneTimeTokenUnused,
  useOneTimeToken,
} from "../passwords/one-time-token-repository.ts";
import { messageSchema, tokenSchema } from "../schemas.ts";
import { findUser, markEmailVerified } from "./user-repository.ts";
import { ownAction, userEvent } from "./user-traces.ts";

/** Refuses a token that is unknown, used or too old, or whose account is gone. */
export const verifyEmail = openOperation({
  name: "verifyEmail",
  summary: "Prove an e-mail address with the mailed token",
  input: z.object({ body: z.strictObject({ token: tokenSchema }).openapi("VerifyEmail") }),
  output: messageSchema,
  refusals: ["TOKEN_INVALID"],
  run: async (platform, { device }, { body: { token } }) => {
    const { db, clock } = platform;
    const now = clock.now();
    const found = await findOneTimeToken(db, ["verify_email"], token, now);
    const user = found && (await findUser(db, found.userId));
    if (!user) throw new AppError("TOKEN_INVALID");
    const isUnused = isOneTimeTokenUnused(found.hash, now);
    const data = { user_id: user.id, changed: ["email_verified"] };
    // Last what the others ask for.
    const [, , , used] = await db.batch([
      markEmailVerified(db, user.id, now, isUnused),
      auditStatement(db, ownAction("user.email_verified", user, device), now, isUnused),
      platform.tell(userEvent(user, { event: "user.updated", data }), now, isUnused),
      useOneTimeToken(db, found.hash, now),
    ]);
    if (used.meta.changes === 0) throw new AppError("TOKEN_INVALID");
    return { message: "Verified" };
  },
});
