import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import { hasLiveSessions, revokeSessionsOf } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { followUp } from "../users/follow-up.ts";
import { userParams } from "../users/schemas.ts";
import { userAction } from "../users/user-action.ts";
import { userBelow } from "../users/user-within.ts";
import { endedSessionsSchema, endSessionsSchema } from "./schemas.ts";
import { endedSessionsView } from "./views.ts";

export const endUserSessions = operation({
  name: "endUserSessions",
  summary: "End every session of an account",
  input: z.object({ params: userParams, body: endSessionsSchema }),
  output: endedSessionsSchema,
  refusals: ["USER_NOT_FOUND", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { params: { user_id }, body: { reason } }) => {
    const { db, clock } = platform;
    const user = await userBelow(db, actor, user_id);
    const now = clock.now();
    const entry = userAction(actor, "sessions.ended", user, reason === undefined ? {} : { reason });
    const [, sessions] = await db.batch([
      auditStatement(db, entry, now, hasLiveSessions(user_id)),
      revokeSessionsOf(db, user_id, now),
    ]);
    const ended = sessions.map(({ id }) => id);
    await followUp(platform, { user, ended });
    return endedSessionsView(user_id, ended);
  },
});
