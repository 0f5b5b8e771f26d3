import { z } from "@hono/zod-openapi";
import { agentConfigSchema } from "#src/agent-administration/agent-schemas.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { clientIdSchema } from "#src/identity/schemas.ts";
import { instancesOfTenant } from "#src/personas/instances/instance-scope.ts";
import { viewOfInstance } from "#src/personas/instances/instance-views.ts";
import { updateInstance } from "#src/personas/instances/update-instance.ts";
import { instanceSchema } from "#src/personas/schemas.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requireRole } from "../../middleware/authorize.ts";
import { personaContext } from "../../persona-context.ts";

const shared = {
  tags: ["Administration: clients"],
  security: bearer,
  middleware: [authenticate, requireRole("admin")],
};
const params = z.object({ client_id: clientIdSchema });
const refusals = [
  "VALIDATION_ERROR",
  "UNAUTHORIZED",
  "TOKEN_INVALID",
  "INSUFFICIENT_PERMISSIONS",
  "NOT_FOUND",
] as const;

const config = createRoute({
  ...shared,
  method: "put",
  path: "/{client_id}/instances/{instance_id}/config",
  operationId: "updateClientInstanceConfig",
  summary: "Lay a config over that of one of the client's persona instances",
  request: { params: params.extend({ instance_id: z.uuid() }), body: jsonBody(agentConfigSchema) },
  responses: {
    200: jsonResponse("The instance", instanceSchema),
    ...errorResponses(...refusals, "WORKFLOW_INVALID", "CONFLICT"),
  },
});

/** What administrators do to a client's instances. */
export const clientReports = createRouter<GatewayContext>().openapi(config, async (c) => {
  const { client_id, instance_id } = c.req.valid("param");
  const { actor } = c.var;
  const scope = instancesOfTenant(actor, client_id);
  const row = await updateInstance(personaContext(c), actor, scope, instance_id, c.req.valid("json"));
  deliverEventsLater(c, client_id);
  return c.json(await viewOfInstance(personaContext(c).db, row), 200);
});
