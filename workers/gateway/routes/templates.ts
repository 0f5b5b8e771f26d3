import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { nextCursorSchema, pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import {
  createTemplateSchema,
  savedTemplateSchema,
  templateSchema,
  updateTemplateSchema,
} from "#src/personas/schemas.ts";
import { createTemplate } from "#src/personas/templates/create-template.ts";
import { deleteTemplate } from "#src/personas/templates/delete-template.ts";
import {
  findTemplate,
  pageTemplates,
  templatesReadableBy,
} from "#src/personas/templates/template-repository.ts";
import { updateTemplate } from "#src/personas/templates/update-template.ts";
import { savedTemplateView, templateView } from "#src/personas/views.ts";
import type { GatewayContext } from "../context.ts";
import { authenticate } from "../middleware/authenticate.ts";
import { requirePermission } from "../middleware/authorize.ts";
import { personaContext } from "../persona-context.ts";

const shared = {
  tags: ["Templates"],
  security: bearer,
  middleware: [authenticate, requirePermission("personas.create")],
};
const params = z.object({ template_id: z.uuid() });
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listTemplates",
  summary: "Templates, newest first; active ones unless `is_active` asks otherwise",
  request: {
    query: cursorQuery().extend({
      category: z.string().max(100).optional(),
      is_active: z.enum(["true", "false", "all"]).default("true"),
    }),
  },
  responses: {
    200: jsonResponse(
      "Templates",
      z
        .object({
          templates: z.array(templateSchema),
          count: z.number().int(),
          next_cursor: nextCursorSchema,
        })
        .openapi("TemplateList"),
    ),
    ...errorResponses(...refusals),
  },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createTemplate",
  summary: "Make a template; its plan must be valid",
  request: { body: jsonBody(createTemplateSchema) },
  responses: {
    201: jsonResponse("Made", savedTemplateSchema),
    ...errorResponses(...refusals, "WORKFLOW_INVALID"),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{template_id}",
  operationId: "getTemplate",
  summary: "One template",
  request: { params },
  responses: {
    200: jsonResponse("The template", templateSchema),
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

const update = createRoute({
  ...shared,
  method: "put",
  path: "/{template_id}",
  operationId: "updateTemplate",
  summary: "Make the next version of a template; fields left out stay",
  request: { params, body: jsonBody(updateTemplateSchema) },
  responses: {
    200: jsonResponse("The new version", savedTemplateSchema),
    ...errorResponses(...refusals, "WORKFLOW_INVALID", "NOT_FOUND", "CONFLICT"),
  },
});

const remove = createRoute({
  ...shared,
  middleware: [authenticate, requirePermission("personas.delete")],
  method: "delete",
  path: "/{template_id}",
  operationId: "deleteTemplate",
  summary: "Delete a template; instances made from it keep working",
  request: { params },
  responses: { 204: { description: "Deleted" }, ...errorResponses(...refusals, "NOT_FOUND") },
});

export const templates = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { category, is_active, ...query } = c.req.valid("query");
    const page = pageRequest(query);
    const isActive = is_active === "all" ? undefined : is_active === "true";
    const found = await pageTemplates(
      personaContext(c).db,
      templatesReadableBy(c.var.actor),
      { category, isActive },
      page,
    );
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
    return c.json({ templates: rows.map(templateView), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(create, async (c) => {
    const row = await createTemplate(personaContext(c), c.var.actor, c.req.valid("json"));
    return c.json(savedTemplateView(row), 201, { Location: `/api/v1/templates/${row.id}` });
  })
  .openapi(get, async (c) => {
    const row = await findTemplate(personaContext(c).db, c.var.actor, c.req.valid("param").template_id);
    if (!row) throw new AppError("NOT_FOUND");
    return c.json(templateView(row), 200);
  })
  .openapi(update, async (c) => {
    const { template_id } = c.req.valid("param");
    const row = await updateTemplate(personaContext(c), c.var.actor, template_id, c.req.valid("json"));
    return c.json(savedTemplateView(row), 200);
  })
  .openapi(remove, async (c) => {
    await deleteTemplate(personaContext(c), c.var.actor, c.req.valid("param").template_id);
    return c.body(null, 204);
  });
