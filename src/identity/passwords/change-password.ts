import { z } from "@hono/zod-openapi";
import { sessionOperation } from "#src/operation/operation.ts";
import { shutOut } from "../gates/shut-out.ts";
import { givenPasswordSchema, newPasswordSchema } from "../schemas.ts";
import { checkOwnPassword } from "./check-password.ts";
import { checkNewPassword, notTheCurrentOne } from "./password-policy.ts";
import { setPassword } from "./set-password.ts";

export const changePassword = sessionOperation({
  name: "changePassword",
  summary: "Change one's own password; other sessions end",
  input: z.object({
    body: z
      .strictObject({ current_password: givenPasswordSchema, new_password: newPasswordSchema })
      .openapi("ChangePassword"),
  }),
  output: z.object({ message: z.string(), sessions_ended: z.number().int() }),
  refusals: ["INVALID_CREDENTIALS", "CONFLICT", "RATE_LIMITED"],
  run: async (platform, actor, { body: { current_password, new_password } }) => {
    const { email, clientId, sessionId: keep, device } = actor;
    checkNewPassword(new_password, email, "new_password");
    if (new_password === current_password) throw notTheCurrentOne();
    const user = await checkOwnPassword(platform, actor, current_password);
    const action = "user.password_changed";
    const ended = await setPassword(platform, user, { password: new_password, action, device, keep });
    await shutOut(platform, clientId, ...ended);
    return { message: "The password is changed", sessions_ended: ended.length };
  },
});
