import { z } from "@hono/zod-openapi";
import { listDefinitions } from "#src/agent-definitions/agent-definition-repository.ts";
import {
  agentDefinitionSchema,
  createAgentDefinitionSchema,
  updateAgentDefinitionSchema,
} from "#src/agent-definitions/agent-definition-schemas.ts";
import {
  agentDefinitionView,
  createAgentDefinition,
  deleteAgentDefinition,
  getAgentDefinition,
  updateAgentDefinition,
} from "#src/agent-definitions/agent-definitions.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { nextCursorSchema, pageOfAll } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requireRole } from "../../middleware/authorize.ts";
import { personaContext } from "../../persona-context.ts";

const shared = {
  tags: ["Administration: agents"],
  security: bearer,
  middleware: [authenticate, requireRole("admin")],
};
const params = z.object({
  agent_definition: z
    .string()
    .regex(/^[a-z0-9_-]{2,63}$/)
    .openapi({ description: "Id or type name", example: "copywriter" }),
});
const path = "/{agent_definition}";
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;
const definition = jsonResponse("The agent definition", agentDefinitionSchema);

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listAgentDefinitions",
  summary: "Agent types, by name",
  request: { query: cursorQuery() },
  responses: {
    200: jsonResponse(
      "Agent definitions",
      z
        .object({
          definitions: z.array(agentDefinitionSchema),
          count: z.number().int(),
          next_cursor: nextCursorSchema,
        })
        .openapi("AgentDefinitionList"),
    ),
    ...errorResponses(...refusals),
  },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createAgentDefinition",
  summary: "Make an agent type; its topic can be used at once",
  request: { body: jsonBody(createAgentDefinitionSchema) },
  responses: { 201: definition, ...errorResponses(...refusals, "CONFLICT") },
});

const get = createRoute({
  ...shared,
  method: "get",
  path,
  operationId: "getAgentDefinition",
  summary: "One agent type",
  request: { params },
  responses: { 200: definition, ...errorResponses(...refusals, "NOT_FOUND") },
});

const update = createRoute({
  ...shared,
  method: "put",
  path,
  operationId: "updateAgentDefinition",
  summary: "Change an agent type; fields left out stay",
  request: { params, body: jsonBody(updateAgentDefinitionSchema) },
  responses: { 200: definition, ...errorResponses(...refusals, "NOT_FOUND") },
});

const remove = createRoute({
  ...shared,
  method: "delete",
  path,
  operationId: "deleteAgentDefinition",
  summary: "Delete an agent type; plans that need it are refused from then on",
  request: { params },
  responses: { 204: { description: "Deleted" }, ...errorResponses(...refusals, "NOT_FOUND") },
});

export const agentDefinitions = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const all = await listDefinitions(personaContext(c).db, c.var.actor);
    const { rows, nextCursor } = pageOfAll(all, c.req.valid("query"));
    const definitions = rows.map(agentDefinitionView);
    return c.json({ definitions, count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(create, async (c) => {
    const row = await createAgentDefinition(personaContext(c), c.var.actor, c.req.valid("json"));
    return c.json(agentDefinitionView(row), 201, { Location: `/api/v1/admin/agent-definitions/${row.id}` });
  })
  .openapi(get, async (c) => {
    const { agent_definition } = c.req.valid("param");
    const row = await getAgentDefinition(personaContext(c), c.var.actor, agent_definition);
    return c.json(agentDefinitionView(row), 200);
  })
  .openapi(update, async (c) => {
    const { agent_definition } = c.req.valid("param");
    const changes = c.req.valid("json");
    const row = await updateAgentDefinition(personaContext(c), c.var.actor, agent_definition, changes);
    return c.json(agentDefinitionView(row), 200);
  })
  .openapi(remove, async (c) => {
    await deleteAgentDefinition(personaContext(c), c.var.actor, c.req.valid("param").agent_definition);
    return c.body(null, 204);
  });
