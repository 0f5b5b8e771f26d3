import { bodyLimit } from "hono/body-limit";
import { maxAvatarBytes, uploadAvatar } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayRequest } from "../context.ts";
import { post, restRouter } from "../rest/table.ts";

/** What a multipart body adds to the picture. */
const maxBodyBytes = maxAvatarBytes + 16 * 1024;

// Described here and not by zod: what is sent is a picture by its bytes, whatever type it comes with.
const picture = { type: "string", format: "binary" } as const;

const limit = bodyLimit({
  maxSize: maxBodyBytes,
  onError: () => {
    throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxAvatarBytes } });
  },
});

async function pictureOf(c: GatewayRequest): Promise<Uint8Array> {
  await limit(c, async () => {});
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

/** Stands before what lets only JSON through. */
export const avatarUpload = restRouter("User", [
  post("/avatar", uploadAvatar, "Set", {
    body: {
      documented: {
        content: {
          "multipart/form-data": {
            schema: { type: "object", properties: { file: picture, avatar: picture } },
          },
          "image/*": { schema: picture },
        },
      },
      read: pictureOf,
    },
  }),
]);
