import { createRoute, z } from "@hono/zod-openapi";
import { database } from "../../../../src/db/client.ts";
import { errorResponses } from "../../../../src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "../../../../src/http/openapi.ts";
import { templateChoiceSchema } from "../../../../src/personas/schemas.ts";
import { listTemplates } from "../../../../src/personas/template-repository.ts";
import { templateChoice } from "../../../../src/personas/views.ts";
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
  responses: {
    200: jsonResponse(
      "Active templates",
      z
        .object({ templates: z.array(templateChoiceSchema), count: z.number().int() })
        .openapi("TemplateChoiceList"),
    ),
    ...errorResponses("UNAUTHORIZED", "TOKEN_INVALID"),
  },
});

export const templateChoices = createRouter<GatewayContext>().openapi(list, async (c) => {
  const rows = await listTemplates(database(c.env.DB));
  return c.json({ templates: rows.map(templateChoice), count: rows.length }, 200);
});
