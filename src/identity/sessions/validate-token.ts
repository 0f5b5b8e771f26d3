import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { findUser } from "../accounts/user-repository.ts";
import { userSchema } from "../schemas.ts";
import { callerView } from "./get-session.ts";

export const validateToken = sessionOperation({
  name: "validateToken",
  summary: "Whether the access token is good, and whose it is",
  input: z.object({}),
  output: z.object({ valid: z.literal(true), user: userSchema }).openapi("Validation"),
  refusals: ["TOKEN_EXPIRED"],
  run: async ({ db }, actor) => {
    const user = await findUser(db, actor.userId);
    if (!user?.isActive) throw new AppError("TOKEN_INVALID");
    return { valid: true as const, user: { ...callerView(actor), email_verified: user.emailVerified } };
  },
});
