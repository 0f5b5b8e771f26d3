import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import { liveSessionsOf, sessionView } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { auditReading } from "../audit/audit-reading.ts";
import { userParams } from "../users/schemas.ts";
import { userWithin } from "../users/user-within.ts";
import { userSessionsSchema } from "./schemas.ts";

export const listUserSessions = operation({
  name: "listUserSessions",
  summary: "An account's live sessions",
  input: z.object({ params: userParams, query: cursorQuery() }),
  output: userSessionsSchema,
  refusals: ["USER_NOT_FOUND"],
  run: async (platform, actor, { params: { user_id }, query }) => {
    const { db, clock, settings } = platform;
    await userWithin(db, actor, user_id);
    await auditReading(platform, actor, "user.sessions_read", { type: "user", id: user_id });
    const now = clock.now();
    const rows = await liveSessionsOf(db, user_id, now, now - settings.SESSION_IDLE_SECONDS * 1000);
    const { rows: shown, nextCursor } = pageOfAll(rows, query);
    const sessions = shown.map(sessionView);
    return { user_id, sessions, count: sessions.length, next_cursor: nextCursor };
  },
});
