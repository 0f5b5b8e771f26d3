import { createRoute, z } from "@hono/zod-openapi";
import { systemClock } from "../../../../src/clock.ts";
import { database } from "../../../../src/db/client.ts";
import { AppError } from "../../../../src/http/app-error.ts";
import { errorResponses } from "../../../../src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "../../../../src/http/openapi.ts";
import { createInstance } from "../../../../src/personas/create-instance.ts";
import { findInstance, listInstances } from "../../../../src/personas/instance-repository.ts";
import { createInstanceSchema, instanceSchema } from "../../../../src/personas/schemas.ts";
import { instanceView } from "../../../../src/personas/views.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";

const shared = { tags: ["Personas"], security: bearer, middleware: authenticate };

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listInstances",
  summary: "One's own persona instances, newest first",
  request: { query: z.object({ project_id: z.uuid().optional() }) },
  responses: {
    200: jsonResponse(
      "Instances",
      z.object({ instances: z.array(instanceSchema), count: z.number().int() }).openapi("InstanceList"),
    ),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID"),
  },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createInstance",
  summary: "Make a persona instance from a template",
  request: { body: jsonBody(createInstanceSchema) },
  responses: {
    201: jsonResponse("Made", instanceSchema),
    ...errorResponses(
      "VALIDATION_ERROR",
      "WORKFLOW_INVALID",
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "QUOTA_EXCEEDED",
      "NOT_FOUND",
    ),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{instance_id}",
  operationId: "getInstance",
  summary: "One persona instance",
  request: { params: z.object({ instance_id: z.uuid() }) },
  responses: {
    200: jsonResponse("The instance", instanceSchema),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"),
  },
});

export const instances = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const rows = await listInstances(database(c.env.DB), c.var.principal, c.req.valid("query").project_id);
    return c.json({ instances: rows.map(instanceView), count: rows.length }, 200);
  })
  .openapi(create, async (c) => {
    const context = { db: database(c.env.DB), clock: systemClock };
    return c.json(instanceView(await createInstance(context, c.var.principal, c.req.valid("json"))), 201);
  })
  .openapi(get, async (c) => {
    const row = await findInstance(database(c.env.DB), c.var.principal, c.req.valid("param").instance_id);
    if (!row) throw new AppError("NOT_FOUND");
    return c.json(instanceView(row), 200);
  });
