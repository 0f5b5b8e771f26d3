import { z } from "@hono/zod-openapi";
import { exportUsers } from "#src/administration/user-export/export-users.ts";
import { exportedUsersSchema, exportUsersSchema } from "#src/administration/user-export/schemas.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { createRouter, jsonBody } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { streamOf } from "#src/http/stream-of.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { GatewayContext } from "../../context.ts";
import { acting, administrationContext, refusals } from "./user-shared.ts";

const exportAll = createRoute({
  ...acting,
  method: "post",
  path: "/export",
  operationId: "exportUsers",
  summary: "Accounts of all tenants as a CSV or JSON file, the newest first",
  description:
    "Streamed: an answer that breaks off before its end is not a whole file. In CSV, a cell that a spreadsheet " +
    "would run as a formula has an apostrophe in front.",
  request: { body: jsonBody(exportUsersSchema) },
  responses: {
    200: {
      description: "The file, as an attachment",
      headers: z.object({
        "Content-Disposition": z.string().openapi({ example: 'attachment; filename="users_export.csv"' }),
      }),
      content: {
        "text/csv": {
          schema: z
            .string()
            .openapi({ example: "id,email\r\n0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c,a@b.example\r\n" }),
        },
        "application/json": { schema: exportedUsersSchema },
      },
    },
    ...errorResponses(...refusals),
  },
});

export const userExport = createRouter<GatewayContext>().openapi(exportAll, async (c) => {
  const { contentType, name, pieces } = await exportUsers(
    administrationContext(c),
    c.var.actor,
    c.req.valid("json"),
  );
  const body = streamOf(pieces, (error) => c.var.logger.error("export broken off", errorFields(error)));
  return new Response(body, {
    headers: {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
});
