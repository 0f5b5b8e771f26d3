import { z } from "@hono/zod-openapi";
import {
  agentDetailSchema,
  agentListSchema,
  agentStatusSchema,
} from "#src/agent-administration/agent-schemas.ts";
import { describeAgents } from "#src/agent-administration/describe-agents.ts";
import { restartAgent } from "#src/agent-administration/restart-agent.ts";
import { setAgentStatus } from "#src/agent-administration/set-agent-status.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { clientIdSchema } from "#src/identity/schemas.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findInstanceWithin, listInstances } from "#src/personas/instances/instance-repository.ts";
import { instancesOfPlatform, instancesOfTenant } from "#src/personas/instances/instance-scope.ts";
import { runSummary } from "#src/runs/history-views.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requireRole } from "../../middleware/authorize.ts";
import { allWorkflowsOf, personaContext } from "../../persona-context.ts";

const shared = {
  tags: ["Administration: agents"],
  security: bearer,
  middleware: [authenticate, requireRole("admin")],
};
const params = z.object({ agent_id: z.uuid() });
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;
const shownExecutions = 10;

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listAgents",
  summary: "Persona instances of all tenants with usage and health, newest first",
  request: {
    query: cursorQuery().extend({
      client_id: clientIdSchema.optional(),
      agent_type: z.string().max(100).optional().openapi({ description: "Category of the template" }),
      is_active: z
        .enum(["true", "false"])
        .transform((value) => value === "true")
        .optional(),
    }),
  },
  responses: { 200: jsonResponse("Agents", agentListSchema), ...errorResponses(...refusals) },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{agent_id}",
  operationId: "getAgent",
  summary: "One persona instance with usage, health and its latest executions",
  request: { params },
  responses: {
    200: jsonResponse("The agent", agentDetailSchema),
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

const status = createRoute({
  ...shared,
  method: "put",
  path: "/{agent_id}/status",
  operationId: "setAgentStatus",
  summary: "Switch a persona instance on or off; one that is off refuses executions",
  request: { params, body: jsonBody(agentStatusSchema) },
  responses: {
    200: jsonResponse(
      "Changed",
      z
        .object({ message: z.string(), agent_id: z.uuid(), is_active: z.boolean() })
        .openapi("AgentStatusChanged"),
    ),
    ...errorResponses(...refusals, "NOT_FOUND", "CONFLICT"),
  },
});

const restart = createRoute({
  ...shared,
  method: "post",
  path: "/{agent_id}/restart",
  operationId: "restartAgent",
  summary: "Send the unfinished tasks of a persona instance again",
  request: { params },
  responses: {
    200: jsonResponse(
      "Sent again",
      z
        .object({ message: z.string(), agent_id: z.uuid(), redispatched_tasks: z.number().int() })
        .openapi("AgentRestarted"),
    ),
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

export const agents = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { actor } = c.var;
    const { client_id, agent_type: category, is_active: isActive, ...query } = c.req.valid("query");
    const scope = client_id === undefined ? instancesOfPlatform(actor) : instancesOfTenant(actor, client_id);
    const { db } = personaContext(c);
    const page = pageRequest(query);
    const found = await listInstances(db, scope, { category, isActive }, page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
    const described = await describeAgents(personaContext(c), rows);
    const instances = described.map(({ agent }) => agent);
    return c.json({ instances, count: instances.length, next_cursor: nextCursor }, 200);
  })
  .openapi(get, async (c) => {
    const { db } = personaContext(c);
    const scope = instancesOfPlatform(c.var.actor);
    const instance = await findInstanceWithin(db, scope, c.req.valid("param").agent_id);
    const [described] = instance ? await describeAgents(personaContext(c), [instance]) : [];
    if (!described) throw new AppError("NOT_FOUND");
    const executions = described.recent.slice(0, shownExecutions).map(runSummary);
    return c.json({ agent: described.agent, executions }, 200);
  })
  .openapi(status, async (c) => {
    const { agent_id } = c.req.valid("param");
    const row = await setAgentStatus(personaContext(c), c.var.actor, agent_id, c.req.valid("json"));
    deliverEventsLater(c, row.clientId);
    const { isActive } = row;
    return c.json(
      { message: `Agent ${isActive ? "enabled" : "disabled"}`, agent_id, is_active: isActive },
      200,
    );
  })
  .openapi(restart, async (c) => {
    const { agent_id } = c.req.valid("param");
    const context = {
      ...personaContext(c),
      workflowsOf: (clientId: string) => allWorkflowsOf(c.env, clientId),
    };
    const redispatched_tasks = await restartAgent(context, c.var.actor, agent_id);
    return c.json({ message: "Unfinished tasks sent again", agent_id, redispatched_tasks }, 200);
  });
