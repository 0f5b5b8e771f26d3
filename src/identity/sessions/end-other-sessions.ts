import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { ownAction } from "../accounts/user-traces.ts";
import { shutOut } from "../gates/shut-out.ts";
import { hasLiveSessions, revokeSessionsOf } from "./session-repository.ts";

export const endOtherSessions = sessionOperation({
  name: "endOtherSessions",
  summary: "Sign out everywhere else: end every session of one's own but this one",
  input: z.object({}),
  output: z.object({ sessions_ended: z.number().int() }).openapi("OtherSessionsEnded"),
  refusals: ["UPSTREAM_UNAVAILABLE"],
  run: async (platform, { userId, clientId, sessionId, device }) => {
    const { db, clock } = platform;
    const now = clock.now();
    const entry = ownAction("sessions.ended", { id: userId, clientId }, device, { except: sessionId });
    const [, ended] = await db.batch([
      auditStatement(db, entry, now, hasLiveSessions(userId, sessionId)),
      revokeSessionsOf(db, userId, now, sessionId),
    ]);
    await shutOut(platform, clientId, ...ended.map(({ id }) => id));
    return { sessions_ended: ended.length };
  },
});
