import { createRoute, z } from "@hono/zod-openapi";
import { systemClock } from "../../../src/clock.ts";
import { database } from "../../../src/db/client.ts";
import { AppError } from "../../../src/http/app-error.ts";
import { errorResponses } from "../../../src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "../../../src/http/openapi.ts";
import { createTemplate } from "../../../src/personas/create-template.ts";
import { createTemplateSchema, templateSchema } from "../../../src/personas/schemas.ts";
import { findTemplate, listTemplates } from "../../../src/personas/template-repository.ts";
import { templateView } from "../../../src/personas/views.ts";
import type { GatewayContext } from "../context.ts";
import { authenticate, requireRole } from "../middleware/authenticate.ts";

const shared = { tags: ["Templates"], security: bearer, middleware: [authenticate, requireRole("admin")] };
const refusals = ["UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listTemplates",
  summary: "All templates, newest first",
  responses: {
    200: jsonResponse(
      "Templates",
      z.object({ templates: z.array(templateSchema), count: z.number().int() }).openapi("TemplateList"),
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
    201: jsonResponse("Made", templateSchema),
    ...errorResponses("VALIDATION_ERROR", "WORKFLOW_INVALID", ...refusals),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{template_id}",
  operationId: "getTemplate",
  summary: "One template",
  request: { params: z.object({ template_id: z.uuid() }) },
  responses: {
    200: jsonResponse("The template", templateSchema),
    ...errorResponses("VALIDATION_ERROR", "NOT_FOUND", ...refusals),
  },
});

export const templates = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const rows = await listTemplates(database(c.env.DB));
    return c.json({ templates: rows.map(templateView), count: rows.length }, 200);
  })
  .openapi(create, async (c) => {
    const context = { db: database(c.env.DB), clock: systemClock };
    return c.json(templateView(await createTemplate(context, c.var.principal, c.req.valid("json"))), 201);
  })
  .openapi(get, async (c) => {
    const row = await findTemplate(database(c.env.DB), c.req.valid("param").template_id);
    if (!row) throw new AppError("NOT_FOUND");
    return c.json(templateView(row), 200);
  });
