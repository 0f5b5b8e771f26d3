import { z } from "@hono/zod-openapi";
import { endUserSessions } from "#src/administration/access/end-user-sessions.ts";
import { grantPermission } from "#src/administration/access/grant-permission.ts";
import { listUserSessions } from "#src/administration/access/list-user-sessions.ts";
import { passwordNotice } from "#src/administration/access/password-notice.ts";
import { revokePermission } from "#src/administration/access/revoke-permission.ts";
import { setUserPassword } from "#src/administration/access/set-user-password.ts";
import {
  endedSessionsSchema,
  endSessionsSchema,
  grantSchema,
  permissionsSchema,
  sessionsQuery,
  setUserPasswordSchema,
  userSessionsSchema,
} from "#src/administration/schemas.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { permissionsOf } from "#src/identity/accounts/user-repository.ts";
import type { GatewayContext } from "../../context.ts";
import { mailLater } from "../../mailer.ts";
import { acting, administrationContext, announce, reading, refusals, userParams } from "./user-shared.ts";

const notFound = [...refusals, "USER_NOT_FOUND"] as const;

const grant = createRoute({
  ...acting,
  method: "post",
  path: "/{user_id}/permissions",
  operationId: "grantPermission",
  summary: "Grant an account a permission; its tokens carry it from the next refresh on",
  request: { params: userParams, body: jsonBody(grantSchema) },
  responses: {
    201: jsonResponse("What the account is granted now", permissionsSchema),
    ...errorResponses(...notFound, "NOT_FOUND", "CONFLICT"),
  },
});

const revoke = createRoute({
  ...acting,
  method: "delete",
  path: "/{user_id}/permissions/{permission_name}",
  operationId: "revokePermission",
  summary: "Take a permission from an account; its sessions end, because their tokens carry it",
  request: { params: userParams.extend({ permission_name: z.string().min(1).max(100) }) },
  responses: {
    204: { description: "Revoked" },
    ...errorResponses(...notFound, "NOT_FOUND", "UPSTREAM_UNAVAILABLE"),
  },
});

const listSessions = createRoute({
  ...reading,
  method: "get",
  path: "/{user_id}/sessions",
  operationId: "listUserSessions",
  summary: "An account's live sessions",
  request: { params: userParams, query: sessionsQuery },
  responses: { 200: jsonResponse("Sessions", userSessionsSchema), ...errorResponses(...notFound) },
});

const endSessions = createRoute({
  ...acting,
  method: "delete",
  path: "/{user_id}/sessions",
  operationId: "endUserSessions",
  summary: "End every session of an account",
  // The body may be left out altogether.
  request: { params: userParams, body: { content: { "application/json": { schema: endSessionsSchema } } } },
  responses: {
    200: jsonResponse("Ended", endedSessionsSchema),
    ...errorResponses(...notFound, "UPSTREAM_UNAVAILABLE"),
  },
});

const setPassword = createRoute({
  ...acting,
  method: "post",
  path: "/{user_id}/password",
  operationId: "setUserPassword",
  summary: "Set somebody's password; sessions end. With `require_change` the next sign-in has to change it",
  request: { params: userParams, body: jsonBody(setUserPasswordSchema) },
  responses: {
    200: jsonResponse("Set", endedSessionsSchema),
    ...errorResponses(...notFound, "BAD_REQUEST", "CONFLICT", "UPSTREAM_UNAVAILABLE"),
  },
});

const countOf = ({ length }: readonly string[]) => ({ sessions_ended: length, sessions_affected: length });

/** What an account may do, and how it gets in. */
export const userAccess = createRouter<GatewayContext>()
  .openapi(grant, async (c) => {
    const { user_id } = c.req.valid("param");
    const context = administrationContext(c);
    const { permission_name } = c.req.valid("json");
    const user = await grantPermission(context, c.var.actor, user_id, permission_name);
    await announce(c, { user, ended: [] });
    return c.json({ user_id, permissions: await permissionsOf(context.db, user_id) }, 201, {
      Location: `/api/v1/admin/users/${user_id}`,
    });
  })
  .openapi(revoke, async (c) => {
    const { user_id, permission_name } = c.req.valid("param");
    const context = administrationContext(c);
    const changed = await revokePermission(context, c.var.actor, user_id, permission_name);
    await announce(c, changed, true);
    return c.body(null, 204);
  })
  .openapi(listSessions, async (c) =>
    c.json(
      await listUserSessions(
        administrationContext(c),
        c.var.actor,
        c.req.valid("param").user_id,
        c.req.valid("query"),
      ),
      200,
    ),
  )
  .openapi(endSessions, async (c) => {
    const { user_id } = c.req.valid("param");
    const { reason } = c.req.valid("json");
    const changed = await endUserSessions(administrationContext(c), c.var.actor, user_id, reason);
    await announce(c, changed);
    return c.json({ user_id, ...countOf(changed.ended) }, 200);
  })
  .openapi(setPassword, async (c) => {
    const { user_id } = c.req.valid("param");
    const request = c.req.valid("json");
    const changed = await setUserPassword(administrationContext(c), c.var.actor, user_id, request);
    if (request.notify_user) {
      const notice = passwordNotice(changed.user.email, request.require_change, request.notification_note);
      mailLater(c, (mailer) => mailer.send(notice));
    }
    await announce(c, changed);
    return c.json({ user_id, ...countOf(changed.ended) }, 200);
  });
