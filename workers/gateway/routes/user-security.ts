import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { nextCursorSchema, pageOfAll } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { changePassword } from "#src/identity/passwords/change-password.ts";
import { newPasswordSchema } from "#src/identity/schemas.ts";
import { logOut, logOutElsewhere } from "#src/identity/sessions/log-out.ts";
import { listSessions } from "#src/identity/sessions/session-repository.ts";
import { sessionView, sessionViewSchema } from "#src/identity/sessions/session-view.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";
import { deviceOf, identityContext } from "../identity-context.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { reportFailures } from "../report-later.ts";
import { shutOut } from "../shut-out.ts";

const shared = { tags: ["User"], security: bearer, middleware: authenticate };

const sessionSchema = sessionViewSchema.extend({ current: z.boolean() }).openapi("Session");

const password = createRoute({
  ...shared,
  method: "post",
  path: "/password",
  operationId: "changePassword",
  summary: "Change one's own password; other sessions end",
  request: {
    body: jsonBody(
      z
        .strictObject({ current_password: z.string().min(1).max(128), new_password: newPasswordSchema })
        .openapi("ChangePassword"),
    ),
  },
  responses: {
    200: jsonResponse("Changed", z.object({ message: z.string(), sessions_ended: z.number().int() })),
    ...errorResponses(
      "VALIDATION_ERROR",
      "INVALID_CREDENTIALS",
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "CONFLICT",
      "RATE_LIMITED",
    ),
  },
});

const list = createRoute({
  ...shared,
  method: "get",
  path: "/sessions",
  operationId: "listSessions",
  summary: "One's own live sessions",
  request: { query: cursorQuery() },
  responses: {
    200: jsonResponse(
      "Sessions",
      z
        .object({
          sessions: z.array(sessionSchema),
          count: z.number().int(),
          next_cursor: nextCursorSchema,
        })
        .openapi("SessionList"),
    ),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID"),
  },
});

const end = createRoute({
  ...shared,
  method: "delete",
  path: "/sessions/{session_id}",
  operationId: "endSession",
  summary: "End one of one's own sessions",
  request: { params: z.object({ session_id: z.uuid() }) },
  responses: {
    204: { description: "Ended" },
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"),
  },
});

const endOthers = createRoute({
  ...shared,
  method: "delete",
  path: "/sessions",
  operationId: "endOtherSessions",
  summary: "Sign out everywhere else: end every session of one's own but this one",
  responses: {
    200: jsonResponse("Ended", z.object({ sessions_ended: z.number().int() }).openapi("OtherSessionsEnded")),
    ...errorResponses("UNAUTHORIZED", "TOKEN_INVALID", "UPSTREAM_UNAVAILABLE"),
  },
});

export const userSecurity = createRouter<GatewayContext>()
  .openapi(password, async (c) => {
    const ended = await changePassword(
      identityContext(c),
      c.var.actor,
      c.req.valid("json"),
      deviceOf(c),
      reportFailures(c),
    );
    await shutOut(c.env, c.var.actor.clientId, ...ended);
    return c.json({ message: "The password is changed", sessions_ended: ended.length }, 200);
  })
  .openapi(list, async (c) => {
    const { db, clock, settings } = identityContext(c);
    const { userId, sessionId } = c.var.actor;
    const now = clock.now();
    const rows = await listSessions(db, userId, now, now - settings.SESSION_IDLE_SECONDS * 1000);
    const { rows: shown, nextCursor } = pageOfAll(rows, c.req.valid("query"));
    const sessions = shown.map((row) => ({ ...sessionView(row), current: row.id === sessionId }));
    return c.json({ sessions, count: sessions.length, next_cursor: nextCursor }, 200);
  })
  .openapi(endOthers, async (c) => {
    const ended = await logOutElsewhere(identityContext(c), c.var.actor, deviceOf(c));
    await shutOut(c.env, c.var.actor.clientId, ...ended);
    return c.json({ sessions_ended: ended.length }, 200);
  })
  .openapi(end, async (c) => {
    const { session_id } = c.req.valid("param");
    const ended = await logOut(identityContext(c), c.var.actor, deviceOf(c), session_id);
    if (!ended) throw new AppError("NOT_FOUND");
    await shutOut(c.env, c.var.actor.clientId, session_id);
    return c.body(null, 204);
  });
