import type { z } from "@hono/zod-openapi";
import { pageOfAll } from "../http/page.ts";
import type { IdentityContext } from "../identity/issue-tokens.ts";
import type { Principal } from "../identity/principal.ts";
import { listSessions } from "../identity/session-repository.ts";
import { sessionView } from "../identity/session-view.ts";
import { auditReading, type ReadingContext } from "./audit-reading.ts";
import { requireReadingUsers } from "./rights.ts";
import type { sessionsQuery, userSessionsSchema } from "./schemas.ts";
import { userWithin } from "./user-within.ts";

/**
 * An account's live sessions; for moderators too.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function listUserSessions(
  context: IdentityContext & ReadingContext,
  principal: Principal,
  userId: string,
  page: z.infer<typeof sessionsQuery>,
): Promise<z.infer<typeof userSessionsSchema>> {
  requireReadingUsers(principal);
  const { db, clock, settings } = context;
  await userWithin(db, principal, userId);
  await auditReading(context, principal, "user.sessions_read", { type: "user", id: userId });
  const now = clock.now();
  const rows = await listSessions(db, userId, now, now - settings.SESSION_IDLE_SECONDS * 1000);
  const { rows: shown, nextCursor } = pageOfAll(rows, page);
  const sessions = shown.map(sessionView);
  return { user_id: userId, sessions, count: sessions.length, next_cursor: nextCursor };
}
