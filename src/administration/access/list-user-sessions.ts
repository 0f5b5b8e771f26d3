import type { z } from "@hono/zod-openapi";
import { pageOfAll } from "#src/http/page.ts";
import type { IdentityContext } from "#src/identity/sessions/issue-tokens.ts";
import { listSessions } from "#src/identity/sessions/session-repository.ts";
import { sessionView } from "#src/identity/sessions/session-view.ts";
import type { Account } from "#src/kernel/actor.ts";
import { auditReading, type ReadingContext } from "../audit/audit-reading.ts";
import type { sessionsQuery, userSessionsSchema } from "../schemas.ts";
import { userWithin } from "../users/user-within.ts";
import { requireReadingUsers } from "./rights.ts";

/**
 * An account's live sessions; for moderators too.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function listUserSessions(
  context: IdentityContext & ReadingContext,
  actor: Account,
  userId: string,
  page: z.infer<typeof sessionsQuery>,
): Promise<z.infer<typeof userSessionsSchema>> {
  requireReadingUsers(actor);
  const { db, clock, settings } = context;
  await userWithin(db, actor, userId);
  await auditReading(context, actor, "user.sessions_read", { type: "user", id: userId });
  const now = clock.now();
  const rows = await listSessions(db, userId, now, now - settings.SESSION_IDLE_SECONDS * 1000);
  const { rows: shown, nextCursor } = pageOfAll(rows, page);
  const sessions = shown.map(sessionView);
  return { user_id: userId, sessions, count: sessions.length, next_cursor: nextCursor };
}
