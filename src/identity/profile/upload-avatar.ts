import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { sniffImage } from "#src/attachments/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { removeAvatar, storeAvatar } from "./avatar-store.ts";
import { avatarUrl, replaceAvatarUrl } from "./replace-avatar-url.ts";

export const maxAvatarBytes = 2 * 1024 * 1024;
/** A small file can be a huge picture, which would cost whoever looks at it. */
const maxPixels = 25_000_000;

/** Makes a picture one's avatar, whatever it calls itself; the previous one is removed. */
export const uploadAvatar = operation({
  name: "uploadAvatar",
  summary: "Set one's own avatar: PNG, JPEG, WebP or GIF of at most 2 MB and 25 megapixels",
  description:
    "As field `file` (or `avatar`) of a form, or as the body itself. The type is found by the content.",
  input: z.object({ body: z.instanceof(Uint8Array) }),
  output: z.object({ avatar_url: z.string() }).openapi("Avatar"),
  refusals: ["USER_NOT_FOUND", "CONFLICT", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"],
  run: async (platform, actor, { body: bytes }) => {
    if (bytes.byteLength > maxAvatarBytes)
      throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxAvatarBytes } });
    const picture = sniffImage(bytes);
    if (!picture)
      throw new AppError("UNSUPPORTED_MEDIA_TYPE", { message: "Send a PNG, JPEG, WebP or GIF picture" });
    if (picture.width * picture.height > maxPixels)
      throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_pixels: maxPixels } });
    const { blobs, clock } = platform;
    const { clientId, userId } = actor;
    const file = `${uuidv7({ msecs: clock.now() })}.${picture.extension}`;
    const place = { clientId, userId, file };
    await storeAvatar(blobs, place, bytes.subarray(0, picture.length), picture.contentType);
    try {
      await replaceAvatarUrl(platform, actor, avatarUrl(userId, file));
    } catch (error) {
      await removeAvatar(blobs, place);
      throw error;
    }
    return { avatar_url: avatarUrl(userId, file) };
  },
});
