import { listPermissions } from "#src/administration/access/list-permissions.ts";
import { permissionListSchema } from "#src/administration/schemas.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import type { GatewayContext } from "../../context.ts";
import { acting, refusals } from "./user-shared.ts";

const list = createRoute({
  ...acting,
  method: "get",
  path: "/",
  operationId: "listPermissions",
  summary: "Permissions",
  description: "Every permission that can be granted, with the operations that it opens.",
  request: { query: cursorQuery() },
  responses: {
    200: jsonResponse("Permissions, by name", permissionListSchema),
    ...errorResponses(...refusals),
  },
});

/** `GET /admin/permissions`. */
export const permissions = createRouter<GatewayContext>().openapi(list, (c) =>
  c.json(listPermissions(c.var.actor, c.req.valid("query")), 200),
);
