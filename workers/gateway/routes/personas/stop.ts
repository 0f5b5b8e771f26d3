import { z } from "@hono/zod-openapi";
import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { stoppedSchema, stopSchema } from "#src/personas/schemas.ts";
import { stopInstance } from "#src/runs/stop-instance.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { allWorkflowsOf, personaContext } from "../../persona-context.ts";

const route = createRoute({
  method: "post",
  path: "/{instance_id}/stop",
  operationId: "stopInstance",
  tags: ["Personas"],
  summary: "Cancel what the instance executes, or the one run that `correlation_id` names",
  security: bearer,
  middleware: authenticate,
  request: {
    params: z.object({ instance_id: z.uuid() }),
    // The body may be left out altogether.
    body: { content: { "application/json": { schema: stopSchema } } },
  },
  responses: {
    200: jsonResponse("What was cancelled", stoppedSchema),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND", "CONFLICT"),
  },
});

export const stop = createRouter<GatewayContext>().openapi(route, async (c) => {
  const { actor } = c.var;
  const { instance_id } = c.req.valid("param");
  const { clientId } = actor;
  const context = {
    ...personaContext(c),
    workflows: allWorkflowsOf(c.env, clientId),
    workflowsOfRun: (runId: string) => tenantWorkflowsOfRun(c.env, clientId, runId),
  };
  const stopped = await stopInstance(context, actor, instance_id, c.req.valid("json"));
  return c.json({ instance_id, stopped, count: stopped.length }, 200);
});
