import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import type { SignedIn } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { ownAction } from "../accounts/user-traces.ts";
import { shutOut } from "../gates/shut-out.ts";
import { hasLiveSession, revokeSession } from "./session-repository.ts";

export const endSession = sessionOperation({
  name: "endSession",
  summary: "End one of one's own sessions",
  input: z.object({ params: z.object({ session_id: z.uuid() }) }),
  output: z.void(),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { session_id } }) => {
    if (!(await endOwnSession(platform, actor, session_id))) throw new AppError("NOT_FOUND");
    await shutOut(platform, actor.clientId, session_id);
  },
});

/**
 * Ends one of one's own sessions.
 * @returns whether it was one's own and live
 */
export async function endOwnSession(
  { db, clock }: Pick<Platform, "db" | "clock">,
  { userId, clientId, device }: SignedIn,
  sessionId: string,
): Promise<boolean> {
  const now = clock.now();
  const entry = ownAction("session.ended", { id: userId, clientId }, device, { session_id: sessionId });
  const [, ended] = await db.batch([
    auditStatement(db, entry, now, hasLiveSession(userId, sessionId)),
    revokeSession(db, userId, sessionId, now),
  ]);
  return ended.length > 0;
}
