import { bulkResultSchema, bulkSchema } from "#src/administration/schemas.ts";
import { bulkUsers } from "#src/administration/users/bulk-users.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { countTiers, shutOut } from "../../shut-out.ts";
import { stopRunsLater } from "../../stop-runs.ts";
import { acting, administrationContext, refusals } from "./user-shared.ts";

const bulk = createRoute({
  ...acting,
  method: "post",
  path: "/bulk",
  operationId: "bulkUsers",
  summary: "Activate, deactivate, delete or upgrade up to 1000 accounts; one that is refused stops no other",
  description:
    "Each account is treated as by `PUT` or `DELETE /admin/users/{user_id}`: never one's own, and the last active " +
    "administrator remains. `upgrade_tier` takes no higher tier away. Answers 200 also when every account was refused.",
  request: { body: jsonBody(bulkSchema) },
  responses: {
    200: jsonResponse("What became of them", bulkResultSchema),
    ...errorResponses(...refusals),
  },
});

/** `POST /admin/users/bulk`. */
export const userBulk = createRouter<GatewayContext>().openapi(bulk, async (c) => {
  const announce = async (clientId: string, ended: string[]) => {
    deliverEventsLater(c, clientId);
    await shutOut(c.env, clientId, ...ended);
  };
  const request = c.req.valid("json");
  const result = await bulkUsers(administrationContext(c), c.var.actor, request, announce);
  if (request.operation === "upgrade_tier") await countTiers(c.env, ...request.user_ids);
  if (request.operation === "delete") stopRunsLater(c);
  return c.json(result, 200);
});
