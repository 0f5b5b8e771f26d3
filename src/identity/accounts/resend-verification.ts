import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { messageSchema } from "../schemas.ts";
import { limitMails } from "./limit-mails.ts";
import { sendVerification } from "./send-verification.ts";
import { findUser } from "./user-repository.ts";

export const resendVerification = sessionOperation({
  name: "resendVerification",
  summary: "Send the verification mail again",
  input: z.object({}),
  output: messageSchema,
  refusals: ["USER_NOT_FOUND", "CONFLICT", "RATE_LIMITED", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, { userId, device }) => {
    const user = await findUser(platform.db, userId);
    if (!user) throw new AppError("USER_NOT_FOUND");
    await limitMails(platform, device.ip);
    await sendVerification(platform, platform.mailer(), user);
    return { message: "Sent" };
  },
});
