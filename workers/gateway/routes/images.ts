import { z } from "@hono/zod-openapi";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { clientIdSchema } from "#src/identity/schemas.ts";
import { readImage } from "#src/runs/read-image.ts";
import type { GatewayContext } from "../context.ts";
import { authenticate } from "../middleware/authenticate.ts";

const bytes = { schema: z.string().openapi({ format: "binary" }) };
const pictures = { "image/png": bytes, "image/jpeg": bytes, "image/webp": bytes };

const get = createRoute({
  method: "get",
  path: "/{client_id}/{run}/{file}",
  operationId: "getImage",
  tags: ["Personas"],
  summary: "An image made by a run",
  security: bearer,
  middleware: authenticate,
  request: {
    params: z.object({
      client_id: clientIdSchema,
      run: z.uuid(),
      file: z
        .string()
        .max(200)
        .regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.(?:png|jpg|jpeg|webp)$/, "A file name"),
    }),
  },
  responses: {
    200: { description: "The image", content: pictures },
    206: { description: "The part asked for by `Range`", content: pictures },
    304: { description: "Unchanged" },
    ...errorResponses(
      "VALIDATION_ERROR",
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "NOT_FOUND",
      "RANGE_NOT_SATISFIABLE",
    ),
  },
});

export const images = createRouter<GatewayContext>().openapi(get, async (c) => {
  const { client_id, run, file } = c.req.valid("param");
  return readImage(c.env.BLOBS, c.var.actor, {
    clientId: client_id,
    runId: run,
    file,
    ifNoneMatch: c.req.header("if-none-match"),
    range: c.req.header("range"),
    ifRange: c.req.header("if-range"),
  });
});
