import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { maxAvatarBytes, setAvatar } from "#src/identity/profile/avatar.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";
import { deliverEventsLater } from "../event-delivery.ts";
import { identityContext } from "../identity-context.ts";
import { authenticate } from "../middleware/authenticate.ts";

/** What a multipart body adds to the picture. */
const maxBodyBytes = maxAvatarBytes + 16 * 1024;

// Described here and not by zod: what is sent is a picture by its bytes, whatever type it comes with.
const picture = { type: "string", format: "binary" } as const;

const upload = createRoute({
  method: "post",
  path: "/avatar",
  operationId: "uploadAvatar",
  tags: ["User"],
  summary: "Set one's own avatar: PNG, JPEG, WebP or GIF of at most 2 MB and 25 megapixels",
  description:
    "As field `file` (or `avatar`) of a form, or as the body itself. The type is found by the content.",
  security: bearer,
  middleware: [
    authenticate,
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => {
        throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxAvatarBytes } });
      },
    }),
  ],
  request: {
    body: {
      content: {
        "multipart/form-data": {
          schema: { type: "object", properties: { file: picture, avatar: picture } },
        },
        "image/*": { schema: picture },
      },
    },
  },
  responses: {
    200: jsonResponse("Set", z.object({ avatar_url: z.string() }).openapi("Avatar")),
    ...errorResponses(
      "VALIDATION_ERROR",
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "USER_NOT_FOUND",
      "CONFLICT",
      "PAYLOAD_TOO_LARGE",
      "UNSUPPORTED_MEDIA_TYPE",
    ),
  },
});

async function pictureOf(c: Context<GatewayContext>): Promise<Uint8Array> {
  if (!/^multipart\/form-data/i.test(c.req.header("content-type") ?? "")) {
    return new Uint8Array(await c.req.arrayBuffer());
  }
  const form = await c.req.parseBody().catch((cause: unknown) => {
    throw cause instanceof AppError
      ? cause
      : new AppError("VALIDATION_ERROR", { message: "No such form", cause });
  });
  const file = form.file ?? form.avatar;
  if (!(file instanceof File)) {
    throw new AppError("VALIDATION_ERROR", { details: { fields: [{ path: "file", message: "A file" }] } });
  }
  return new Uint8Array(await file.arrayBuffer());
}

/** `POST /user/avatar`; stands before what lets only JSON through. */
export const avatarUpload = createRouter<GatewayContext>().openapi(upload, async (c) => {
  const { actor } = c.var;
  const context = { ...identityContext(c), blobs: c.env.BLOBS };
  const avatar_url = await setAvatar(context, actor, await pictureOf(c));
  deliverEventsLater(c, actor.clientId);
  return c.json({ avatar_url }, 200);
});
