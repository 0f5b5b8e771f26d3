import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { createInstance } from "#src/personas/instances/create-instance.ts";
import { deleteInstance } from "#src/personas/instances/delete-instance.ts";
import { findInstance, listInstances } from "#src/personas/instances/instance-repository.ts";
import {
  deletableInstances,
  ownInstances,
  reachableInstances,
} from "#src/personas/instances/instance-scope.ts";
import { instanceViews, viewOfInstance } from "#src/personas/instances/instance-views.ts";
import { updateInstance } from "#src/personas/instances/update-instance.ts";
import {
  createInstanceSchema,
  instanceListSchema,
  instanceSchema,
  updateInstanceSchema,
} from "#src/personas/schemas.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { allMemoriesOf, allWorkflowsOf, personaContext } from "../../persona-context.ts";

const shared = { tags: ["Personas"], security: bearer, middleware: authenticate };
const params = z.object({ instance_id: z.uuid() });
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"] as const;
const instance = jsonResponse("The instance", instanceSchema);

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listInstances",
  summary: "One's own persona instances, newest first",
  request: { query: cursorQuery().extend({ project_id: z.uuid().optional() }) },
  responses: {
    200: jsonResponse("Instances", instanceListSchema),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID"),
  },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createInstance",
  summary: "Make a persona instance from a template",
  description:
    "`config` is laid over the template's: objects merge key by key, everything else replaces, null removes a key.",
  request: { body: jsonBody(createInstanceSchema) },
  responses: {
    201: jsonResponse("Made", instanceSchema),
    ...errorResponses(...refusals, "WORKFLOW_INVALID", "QUOTA_EXCEEDED", "INSUFFICIENT_PERMISSIONS"),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{instance_id}",
  operationId: "getInstance",
  summary: "One persona instance",
  request: { params },
  responses: { 200: instance, ...errorResponses(...refusals) },
});

const changed = {
  ...shared,
  path: "/{instance_id}",
  summary: "Change a persona instance; fields left out stay, `config` is laid over what there is",
  request: { params, body: jsonBody(updateInstanceSchema) },
  responses: {
    200: instance,
    ...errorResponses(...refusals, "WORKFLOW_INVALID", "INSUFFICIENT_PERMISSIONS", "CONFLICT"),
  },
};
const put = createRoute({ ...changed, method: "put", operationId: "updateInstance" });
const patch = createRoute({ ...changed, method: "patch", operationId: "patchInstance" });

const remove = createRoute({
  ...shared,
  method: "delete",
  path: "/{instance_id}",
  operationId: "deleteInstance",
  summary: "Delete a persona instance; what it executes is cancelled, what it remembers forgotten",
  request: { params },
  responses: { 204: { description: "Deleted" }, ...errorResponses(...refusals, "CONFLICT") },
});

export const instances = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { project_id: projectId, ...query } = c.req.valid("query");
    const page = pageRequest(query);
    const { db } = personaContext(c);
    const found = await listInstances(db, ownInstances(c.var.actor), { projectId }, page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
    const instances = (await instanceViews(db, rows)).map(({ view }) => view);
    return c.json({ instances, count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(create, async (c) => {
    const row = await createInstance(personaContext(c), c.var.actor, c.req.valid("json"));
    deliverEventsLater(c, row.clientId);
    return c.json(await viewOfInstance(personaContext(c).db, row), 201, {
      Location: `/api/v1/personas/instances/${row.id}`,
    });
  })
  .openapi(get, async (c) => {
    const { db } = personaContext(c);
    const row = await findInstance(db, c.var.actor, c.req.valid("param").instance_id);
    if (!row) throw new AppError("NOT_FOUND");
    return c.json(await viewOfInstance(personaContext(c).db, row), 200);
  })
  .openapi(remove, async (c) => {
    const { actor } = c.var;
    const { clientId } = actor;
    const context = {
      ...personaContext(c),
      workflows: allWorkflowsOf(c.env, clientId),
      memories: allMemoriesOf(c.env, clientId),
    };
    await deleteInstance(context, actor, deletableInstances(actor), c.req.valid("param").instance_id);
    deliverEventsLater(c, actor.clientId);
    return c.body(null, 204);
  });

for (const route of [put, patch]) {
  instances.openapi(route, async (c) => {
    const { actor } = c.var;
    const { instance_id } = c.req.valid("param");
    const scope = reachableInstances(actor);
    const row = await updateInstance(personaContext(c), actor, scope, instance_id, c.req.valid("json"));
    deliverEventsLater(c, actor.clientId);
    return c.json(await viewOfInstance(personaContext(c).db, row), 200);
  });
}
