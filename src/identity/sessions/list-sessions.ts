import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageFields, pageOfAll } from "#src/http/page.ts";
import { sessionOperation } from "#src/operation/operation.ts";
import { liveSessionsOf } from "./session-repository.ts";
import { sessionView, sessionViewSchema } from "./session-view.ts";

const ownSessionSchema = sessionViewSchema.extend({ current: z.boolean() }).openapi("Session");

export const listSessions = sessionOperation({
  name: "listSessions",
  summary: "One's own live sessions",
  input: z.object({ query: cursorQuery() }),
  output: z.object({ sessions: z.array(ownSessionSchema), ...pageFields }).openapi("SessionList"),
  run: async ({ db, clock, settings }, { userId, sessionId }, { query }) => {
    const now = clock.now();
    const live = await liveSessionsOf(db, userId, now, now - settings.SESSION_IDLE_SECONDS * 1000);
    const { rows, nextCursor } = pageOfAll(live, query);
    const sessions = rows.map((row) => ({ ...sessionView(row), current: row.id === sessionId }));
    return { sessions, count: sessions.length, next_cursor: nextCursor };
  },
});
