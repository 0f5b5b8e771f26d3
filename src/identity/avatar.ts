import { v7 as uuidv7 } from "uuid";
import { previousChanged } from "../db/batch-conditions.ts";
import { AppError } from "../http/app-error.ts";
import { outboxStatement } from "../realtime/event-outbox.ts";
import { findAvatar, removeAvatars, storeAvatar } from "./avatar-store.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import { hasRole, type Principal } from "./principal.ts";
import { sniffImage } from "./sniff-image.ts";
import { setAvatarUrl } from "./user-repository.ts";
import { userEvent } from "./user-traces.ts";

export const maxAvatarBytes = 2 * 1024 * 1024;

/** Where the avatar is served. */
const urlOf = (userId: string, file: string) => `/api/v1/avatars/${userId}/${file}`;

/**
 * Makes a picture one's avatar; the previous one is removed.
 * @returns where it is served
 * @throws AppError `PAYLOAD_TOO_LARGE` over 2 MB; `UNSUPPORTED_MEDIA_TYPE` unless the
 *   content is PNG, JPEG, WebP or GIF, whatever it calls itself
 */
export async function setAvatar(
  { db, clock, blobs }: Pick<IdentityContext, "db" | "clock"> & { blobs: R2Bucket },
  { userId, clientId }: Principal,
  bytes: Uint8Array,
): Promise<string> {
  if (bytes.byteLength > maxAvatarBytes)
    throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxAvatarBytes } });
  const type = sniffImage(bytes);
  if (!type)
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", { message: "Send a PNG, JPEG, WebP or GIF picture" });
  const now = clock.now();
  const file = `${uuidv7({ msecs: now })}.${type.extension}`;
  await storeAvatar(blobs, { clientId, userId, file }, bytes, type);
  const event = userEvent("user.updated", { id: userId, clientId }, { changed: ["avatar_url"] });
  await db.batch([
    setAvatarUrl(db, userId, urlOf(userId, file), now),
    outboxStatement(db, event, now, previousChanged),
  ]);
  await removeAvatars(blobs, clientId, userId, file);
  return urlOf(userId, file);
}

/**
 * An avatar, for its owner and for moderators and administrators of the tenant.
 * It is served as nothing but the picture it was found to be.
 * @throws AppError `NOT_FOUND`
 */
export async function readAvatar(
  blobs: R2Bucket,
  principal: Principal,
  userId: string,
  file: string,
): Promise<Response> {
  const mayRead = principal.userId === userId || hasRole(principal, "moderator");
  const object = mayRead && (await findAvatar(blobs, principal.clientId, userId, file));
  if (!object) throw new AppError("NOT_FOUND");
  return new Response(object.body, {
    headers: {
      "content-type": object.httpMetadata?.contentType ?? "application/octet-stream",
      "content-length": String(object.size),
      "content-disposition": "inline",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=86400, immutable",
      etag: object.httpEtag,
    },
  });
}
