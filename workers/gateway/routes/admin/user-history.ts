import { readActivity } from "#src/administration/audit/read-activity.ts";
import { readAudit } from "#src/administration/audit/read-audit.ts";
import { activityQuery, activitySchema, auditLogSchema, auditQuery } from "#src/administration/schemas.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import type { GatewayContext } from "../../context.ts";
import { administrationContext, reading, refusals, userParams } from "./user-shared.ts";

const audit = createRoute({
  ...reading,
  method: "get",
  path: "/{user_id}/audit",
  operationId: "getUserAudit",
  summary:
    "What an account did and what was done to it, the latest first; the last month unless asked otherwise",
  request: { params: userParams, query: auditQuery },
  responses: {
    200: jsonResponse("Audit log", auditLogSchema),
    ...errorResponses(...refusals, "USER_NOT_FOUND"),
  },
});

const activity = createRoute({
  ...reading,
  method: "get",
  path: "/{user_id}/activity",
  operationId: "getUserActivity",
  summary: "What an account did, the latest first",
  request: { params: userParams, query: activityQuery },
  responses: {
    200: jsonResponse("Activity", activitySchema),
    ...errorResponses(...refusals, "USER_NOT_FOUND"),
  },
});

/** What the audit log tells of an account. */
export const userHistory = createRouter<GatewayContext>()
  .openapi(audit, async (c) =>
    c.json(
      await readAudit(
        administrationContext(c),
        c.var.actor,
        c.req.valid("param").user_id,
        c.req.valid("query"),
      ),
      200,
    ),
  )
  .openapi(activity, async (c) =>
    c.json(
      await readActivity(
        administrationContext(c),
        c.var.actor,
        c.req.valid("param").user_id,
        c.req.valid("query"),
      ),
      200,
    ),
  );
