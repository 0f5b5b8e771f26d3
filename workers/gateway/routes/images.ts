import { createRoute, z } from "@hono/zod-openapi";
import { AppError } from "../../../src/http/app-error.ts";
import { errorResponses } from "../../../src/http/error-response.ts";
import { bearer, createRouter } from "../../../src/http/openapi.ts";
import { hasRole } from "../../../src/identity/principal.ts";
import { clientIdSchema } from "../../../src/identity/schemas.ts";
import type { GatewayContext } from "../context.ts";
import { authenticate } from "../middleware/authenticate.ts";

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
        .regex(/^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.png$/, "A file name"),
    }),
  },
  responses: {
    200: {
      description: "The image",
      content: { "image/png": { schema: z.string().openapi({ format: "binary" }) } },
    },
    206: { description: "The part asked for by `Range`" },
    304: { description: "Unchanged" },
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"),
  },
});

export const images = createRouter<GatewayContext>().openapi(get, async (c) => {
  const { client_id, run, file } = c.req.valid("param");
  const { principal } = c.var;
  if (client_id !== principal.clientId) throw new AppError("NOT_FOUND");
  const found = await c.env.BLOBS.get(`images/${client_id}/${run}/${file}`, {
    onlyIf: c.req.raw.headers,
    range: c.req.raw.headers,
  });
  if (!found || (found.customMetadata?.user_id !== principal.userId && !hasRole(principal, "admin"))) {
    throw new AppError("NOT_FOUND");
  }
  const headers = new Headers({
    "content-type": "image/png",
    etag: found.httpEtag,
    // A task writes its image once: the address never means another picture.
    "cache-control": "private, max-age=31536000, immutable",
    "accept-ranges": "bytes",
  });
  if (!("body" in found)) return new Response(null, { status: 304, headers });
  const { range } = found;
  if (c.req.header("range") && range && "offset" in range) {
    const { offset = 0, length = found.size - offset } = range;
    headers.set("content-range", `bytes ${offset}-${offset + length - 1}/${found.size}`);
    return new Response(found.body, { status: 206, headers });
  }
  return new Response(found.body, { headers });
});
