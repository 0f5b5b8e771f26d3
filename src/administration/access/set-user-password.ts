import { z } from "@hono/zod-openapi";
import { setPassword } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { followUp } from "../users/follow-up.ts";
import { userParams } from "../users/schemas.ts";
import { userBelow } from "../users/user-within.ts";
import { passwordNotice } from "./password-notice.ts";
import { refuseOwnAccount } from "./refuse-own-account.ts";
import { endedSessionsSchema, setUserPasswordSchema } from "./schemas.ts";
import { endedSessionsView } from "./views.ts";

/** Gives somebody's account a new password. One's own is changed where the current one is asked for. */
export const setUserPassword = operation({
  name: "setUserPassword",
  summary: "Set somebody's password; sessions end. With `require_change` the next sign-in has to change it",
  input: z.object({ params: userParams, body: setUserPasswordSchema }),
  output: endedSessionsSchema,
  refusals: ["USER_NOT_FOUND", "BAD_REQUEST", "CONFLICT", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { params: { user_id }, body }) => {
    refuseOwnAccount(actor, user_id);
    const user = await userBelow(platform.db, actor, user_id);
    const ended = await setPassword(platform, user, {
      password: body.new_password,
      action: "user.password_set",
      device: actor.device,
      actorId: actor.userId,
      mustChange: body.require_change,
    });
    if (body.notify_user) {
      const notice = passwordNotice(user.email, body.require_change, body.notification_note);
      platform.later("mail not sent", () => platform.mailer().send(notice));
    }
    await followUp(platform, { user, ended });
    return endedSessionsView(user_id, ended);
  },
});
