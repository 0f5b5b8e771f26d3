import {
  administeredUserSchema,
  listUsersQuery,
  updateUserSchema,
  userDetailsSchema,
  userListSchema,
} from "#src/administration/schemas.ts";
import { deleteUser } from "#src/administration/users/delete-user.ts";
import { describeUser } from "#src/administration/users/describe-user.ts";
import { listUsers } from "#src/administration/users/list-users.ts";
import { updateUser } from "#src/administration/users/update-user.ts";
import { administeredUserView } from "#src/administration/users/views.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import type { GatewayContext } from "../../context.ts";
import { countTiers } from "../../shut-out.ts";
import { stopRunsOf } from "../../stop-runs.ts";
import { acting, administrationContext, announce, reading, refusals, userParams } from "./user-shared.ts";

const list = createRoute({
  ...reading,
  method: "get",
  path: "/",
  operationId: "listUsers",
  summary: "Accounts of all tenants, page by page",
  request: { query: listUsersQuery },
  responses: { 200: jsonResponse("Accounts", userListSchema), ...errorResponses(...refusals) },
});

const get = createRoute({
  ...reading,
  method: "get",
  path: "/{user_id}",
  operationId: "getUser",
  summary: "One account with what it has",
  request: { params: userParams },
  responses: {
    200: jsonResponse("The account", userDetailsSchema),
    ...errorResponses(...refusals, "USER_NOT_FOUND"),
  },
});

const update = createRoute({
  ...acting,
  method: "put",
  path: "/{user_id}",
  operationId: "updateUser",
  summary:
    "Change an account; fields left out stay. Its sessions end with another role and with deactivation",
  request: { params: userParams, body: jsonBody(updateUserSchema) },
  responses: {
    200: jsonResponse("The account", administeredUserSchema),
    ...errorResponses(...refusals, "BAD_REQUEST", "USER_NOT_FOUND", "CONFLICT", "UPSTREAM_UNAVAILABLE"),
  },
});

const remove = createRoute({
  ...acting,
  method: "delete",
  path: "/{user_id}",
  operationId: "deleteUser",
  summary: "Delete an account: it is signed out and cannot sign in; its personal data goes later",
  request: { params: userParams },
  responses: {
    204: { description: "Deleted" },
    ...errorResponses(...refusals, "BAD_REQUEST", "USER_NOT_FOUND", "CONFLICT", "UPSTREAM_UNAVAILABLE"),
  },
});

export const users = createRouter<GatewayContext>()
  .openapi(list, async (c) =>
    c.json(await listUsers(administrationContext(c), c.var.actor, c.req.valid("query")), 200),
  )
  .openapi(get, async (c) =>
    c.json(await describeUser(administrationContext(c), c.var.actor, c.req.valid("param").user_id), 200),
  )
  .openapi(update, async (c) => {
    const { user_id } = c.req.valid("param");
    const change = c.req.valid("json");
    const changed = await updateUser(administrationContext(c), c.var.actor, user_id, change);
    if (change.subscription_tier !== undefined) await countTiers(c.env, user_id);
    await announce(c, changed, change.role !== undefined && changed.user.isActive);
    return c.json(administeredUserView(changed.user), 200);
  })
  .openapi(remove, async (c) => {
    const { user_id } = c.req.valid("param");
    const deleted = await deleteUser(administrationContext(c), c.var.actor, user_id);
    await stopRunsOf(c.env, deleted.user, c.var.logger);
    await announce(c, deleted);
    return c.body(null, 204);
  });
