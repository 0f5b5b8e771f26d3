import { z } from "@hono/zod-openapi";
import { planReportSchema } from "#src/engine/plans/validate-plan.ts";
import { cursorQuery, decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { nextCursorSchema } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { cloneTemplateSchema, savedTemplateSchema, templateVersionSchema } from "#src/personas/schemas.ts";
import { parseMergedConfig, reportOn } from "#src/personas/templates/check-config.ts";
import { cloneTemplate } from "#src/personas/templates/clone-template.ts";
import { findTemplate, pageVersions } from "#src/personas/templates/template-repository.ts";
import { savedTemplateView, templateVersionView } from "#src/personas/views.ts";
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
const refusals = errorResponses(
  "VALIDATION_ERROR",
  "UNAUTHORIZED",
  "TOKEN_INVALID",
  "INSUFFICIENT_PERMISSIONS",
  "NOT_FOUND",
);

const clone = createRoute({
  ...shared,
  method: "post",
  path: "/{template_id}/clone",
  operationId: "cloneTemplate",
  summary: "Make a new template of the latest version of this one",
  request: { params, body: { content: { "application/json": { schema: cloneTemplateSchema } } } },
  responses: {
    201: jsonResponse("Made", savedTemplateSchema),
    ...refusals,
    ...errorResponses("VALIDATION_ERROR", "WORKFLOW_INVALID"),
  },
});

const validate = createRoute({
  ...shared,
  method: "post",
  path: "/{template_id}/validate",
  operationId: "validateTemplate",
  summary: "Check the template's plan against the agents there are now, and measure it",
  request: { params },
  responses: { 200: jsonResponse("What was found", planReportSchema), ...refusals },
});

const versions = createRoute({
  ...shared,
  method: "get",
  path: "/{template_id}/versions",
  operationId: "listTemplateVersions",
  summary: "Every version of the template, newest first",
  request: {
    params,
    query: cursorQuery(),
  },
  responses: {
    200: jsonResponse(
      "Versions",
      z
        .object({
          versions: z.array(templateVersionSchema),
          count: z.number().int(),
          next_cursor: nextCursorSchema,
        })
        .openapi("TemplateVersionList"),
    ),
    ...refusals,
  },
});

/** What is done with a template besides changing it. */
export const templateActions = createRouter<GatewayContext>()
  .openapi(clone, async (c) => {
    const { template_id } = c.req.valid("param");
    const { name } = c.req.valid("json");
    const row = await cloneTemplate(personaContext(c), c.var.actor, template_id, name);
    return c.json(savedTemplateView(row), 201, { Location: `/api/v1/templates/${row.id}` });
  })
  .openapi(validate, async (c) => {
    const { db } = personaContext(c);
    const template = await findTemplate(db, c.var.actor, c.req.valid("param").template_id);
    if (!template) throw new AppError("NOT_FOUND");
    return c.json(await reportOn(db, template.clientId, parseMergedConfig(template.config)), 200);
  })
  .openapi(versions, async (c) => {
    const { db } = personaContext(c);
    const { template_id } = c.req.valid("param");
    const { cursor, limit } = c.req.valid("query");
    const below = cursor === undefined ? undefined : decodeCursor(cursor, z.number().int());
    const [template, found] = await Promise.all([
      findTemplate(db, c.var.actor, template_id),
      pageVersions(db, template_id, below, limit + 1),
    ]);
    if (!template) throw new AppError("NOT_FOUND");
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = found.length > limit && last ? encodeCursor(last.version) : null;
    return c.json({ versions: page.map(templateVersionView), count: page.length, next_cursor }, 200);
  });
