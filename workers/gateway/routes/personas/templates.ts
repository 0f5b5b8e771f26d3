import { z } from "@hono/zod-openapi";
import { database } from "#src/db/client.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { nextCursorSchema, pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { templateChoiceSchema } from "#src/personas/schemas.ts";
import { pageTemplates, templatesUsableBy } from "#src/personas/templates/template-repository.ts";
import { templateChoice } from "#src/personas/views.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";

const list = createRoute({
  method: "get",
  path: "/",
  operationId: "listTemplateChoices",
  tags: ["Personas"],
  summary: "Templates that one can make persona instances from",
  security: bearer,
  middleware: authenticate,
  request: { query: cursorQuery() },
  responses: {
    200: jsonResponse(
      "Active templates",
      z
        .object({
          templates: z.array(templateChoiceSchema),
          count: z.number().int(),
          next_cursor: nextCursorSchema,
        })
        .openapi("TemplateChoiceList"),
    ),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID"),
  },
});

export const templateChoices = createRouter<GatewayContext>().openapi(list, async (c) => {
  const page = pageRequest(c.req.valid("query"));
  const found = await pageTemplates(
    database(c.env.DB),
    templatesUsableBy(c.var.actor),
    { isActive: true },
    page,
  );
  const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
  return c.json({ templates: rows.map(templateChoice), count: rows.length, next_cursor: nextCursor }, 200);
});
