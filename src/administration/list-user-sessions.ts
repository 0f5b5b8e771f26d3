import type { z } from "@hono/zod-openapi";
import { AppError } from "../http/app-error.ts";
import { pageOfAll } from "../http/page.ts";
import type { IdentityContext } from "../identity/issue-tokens.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { listSessions } from "../identity/session-repository.ts";
import { sessionView } from "../identity/session-view.ts";
import { findUser } from "../identity/user-repository.ts";
import type { sessionsQuery, userSessionsSchema } from "./schemas.ts";

/**
 * An account's live sessions; for moderators too.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function listUserSessions(
  { db, clock, settings }: IdentityContext,
  principal: Principal,
  userId: string,
  page: z.infer<typeof sessionsQuery>,
): Promise<z.infer<typeof userSessionsSchema>> {
  requireRole(principal, "moderator");
  if (!(await findUser(db, userId))) throw new AppError("USER_NOT_FOUND");
  const now = clock.now();
  const rows = await listSessions(db, userId, now, now - settings.SESSION_IDLE_SECONDS * 1000);
  const { rows: shown, nextCursor } = pageOfAll(rows, page);
  const sessions = shown.map(sessionView);
  return { user_id: userId, sessions, count: sessions.length, next_cursor: nextCursor };
}
