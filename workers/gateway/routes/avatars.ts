import { z } from "@hono/zod-openapi";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { readAvatar } from "#src/identity/profile/avatar.ts";
import type { GatewayContext } from "../context.ts";
import { authenticate } from "../middleware/authenticate.ts";

const get = createRoute({
  method: "get",
  path: "/{user_id}/{avatar}",
  operationId: "getAvatar",
  tags: ["User"],
  summary: "An avatar: one's own, or for moderators and administrators one of their tenant",
  security: bearer,
  middleware: authenticate,
  request: {
    params: z.object({
      user_id: z.uuid(),
      avatar: z.string().regex(/^[0-9a-f-]{36}\.(?:png|jpg|webp|gif)$/, "A file name"),
    }),
  },
  responses: {
    200: {
      description: "The picture",
      content: { "image/*": { schema: z.string().openapi({ format: "binary" }) } },
    },
    304: { description: "Unchanged" },
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"),
  },
});

export const avatars = createRouter<GatewayContext>().openapi(get, (c) => {
  const { user_id, avatar } = c.req.valid("param");
  const ifNoneMatch = c.req.header("if-none-match");
  return readAvatar(c.env.BLOBS, c.var.actor, { userId: user_id, file: avatar, ifNoneMatch });
});
