import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { cursorQuery, decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findRun } from "#src/runs/administration/find-run.ts";
import { createWorkflow } from "#src/workflow-definitions/create-workflow.ts";
import { deleteWorkflow } from "#src/workflow-definitions/delete-workflow.ts";
import { reportOnPlan } from "#src/workflow-definitions/report-on-plan.ts";
import {
  createWorkflowSchema,
  updateWorkflowSchema,
  workflowListSchema,
  workflowSchema,
  workflowVersionListSchema,
} from "#src/workflow-definitions/schemas.ts";
import { updateWorkflow } from "#src/workflow-definitions/update-workflow.ts";
import { workflowSummary, workflowVersionView, workflowView } from "#src/workflow-definitions/views.ts";
import {
  findWorkflow,
  pageWorkflows,
  pageWorkflowVersions,
} from "#src/workflow-definitions/workflow-repository.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requireRole } from "../../middleware/authorize.ts";
import { personaContext } from "../../persona-context.ts";

const shared = {
  tags: ["Administration: workflows"],
  security: bearer,
  middleware: [authenticate, requireRole("admin")],
};
const params = z.object({
  workflow: z.string().min(1).max(64).openapi({ description: "Id or name", example: "fact-check" }),
});
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listWorkflows",
  summary: "Workflow definitions, newest first; active ones unless `is_active` asks otherwise",
  request: {
    query: cursorQuery().extend({ is_active: z.enum(["true", "false", "all"]).default("true") }),
  },
  responses: { 200: jsonResponse("Definitions", workflowListSchema), ...errorResponses(...refusals) },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createWorkflow",
  summary: "Make a workflow definition; its plan must be valid",
  description:
    "Those of the operator's administrators are the platform's, for every tenant to use; others are their tenant's. Steps and sub-tasks of any plan start one as a child run " +
    "by the topic `workflow:{name}`; a template may name one in the place of its plan.",
  request: { body: jsonBody(createWorkflowSchema) },
  responses: {
    201: jsonResponse("Made", workflowSchema),
    ...errorResponses(...refusals, "WORKFLOW_INVALID", "CONFLICT"),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{workflow}",
  operationId: "getWorkflow",
  summary: "One workflow definition, with what its plan's check says today",
  description:
    "Asked for a run by its id, as the older system was, it leads to `/admin/workflows/runs/{id}`.",
  request: { params },
  responses: {
    200: jsonResponse("The definition", workflowSchema),
    307: { description: "It is a run: see `Location`" },
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

const update = createRoute({
  ...shared,
  method: "put",
  path: "/{workflow}",
  operationId: "updateWorkflow",
  summary: "Make the next version of a workflow definition; fields left out stay, the name too",
  request: { params, body: jsonBody(updateWorkflowSchema) },
  responses: {
    200: jsonResponse("The new version", workflowSchema),
    ...errorResponses(...refusals, "WORKFLOW_INVALID", "NOT_FOUND", "CONFLICT"),
  },
});

const remove = createRoute({
  ...shared,
  method: "delete",
  path: "/{workflow}",
  operationId: "deleteWorkflow",
  summary: "Delete a workflow definition that no template and no other definition refers to",
  request: { params },
  responses: { 204: { description: "Deleted" }, ...errorResponses(...refusals, "NOT_FOUND", "CONFLICT") },
});

const versions = createRoute({
  ...shared,
  method: "get",
  path: "/{workflow}/versions",
  operationId: "listWorkflowVersions",
  summary: "Every version of the definition, newest first",
  request: { params, query: cursorQuery() },
  responses: {
    200: jsonResponse("Versions", workflowVersionListSchema),
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

/** Where a run is told. */
async function addressOfRun(c: Context<GatewayContext>, id: string): Promise<string> {
  if (!z.uuid().safeParse(id).success) throw new AppError("NOT_FOUND");
  await findRun(c.var.platform, c.var.actor, id, undefined);
  return `/api/v1/admin/workflows/runs/${id}`;
}

export const workflows = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { is_active, ...query } = c.req.valid("query");
    const page = pageRequest(query);
    const isActive = is_active === "all" ? undefined : is_active === "true";
    const found = await pageWorkflows(personaContext(c).db, c.var.actor, isActive, page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
    return c.json({ workflows: rows.map(workflowSummary), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(create, async (c) => {
    const { row, validation } = await createWorkflow(personaContext(c), c.var.actor, c.req.valid("json"));
    return c.json(workflowView(row, validation), 201, { Location: `/api/v1/admin/workflows/${row.id}` });
  })
  .openapi(get, async (c) => {
    const { db } = personaContext(c);
    const { workflow } = c.req.valid("param");
    const row = await findWorkflow(db, c.var.actor, workflow);
    if (!row) return c.redirect(await addressOfRun(c, workflow), 307);
    return c.json(workflowView(row, await reportOnPlan(db, row.clientId, row.plan, {})), 200);
  })
  .openapi(update, async (c) => {
    const { workflow } = c.req.valid("param");
    const change = c.req.valid("json");
    const { row, validation } = await updateWorkflow(personaContext(c), c.var.actor, workflow, change);
    return c.json(workflowView(row, validation), 200);
  })
  .openapi(remove, async (c) => {
    await deleteWorkflow(personaContext(c), c.var.actor, c.req.valid("param").workflow);
    return c.body(null, 204);
  })
  .openapi(versions, async (c) => {
    const { db } = personaContext(c);
    const { cursor, limit } = c.req.valid("query");
    const below = cursor === undefined ? undefined : decodeCursor(cursor, z.number().int());
    const workflow = await findWorkflow(db, c.var.actor, c.req.valid("param").workflow);
    if (!workflow) throw new AppError("NOT_FOUND");
    const found = await pageWorkflowVersions(db, workflow.id, below, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = found.length > limit && last ? encodeCursor(last.version) : null;
    return c.json({ versions: page.map(workflowVersionView), count: page.length, next_cursor }, 200);
  });
