import { v7 as uuidv7 } from "uuid";
import { outboxStatement } from "#src/events/event-outbox.ts";
import { type Account, hasRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import { findProfile, hasAvatarUrl, setAvatarUrl } from "../accounts/user-repository.ts";
import { userEvent } from "../accounts/user-traces.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import { findAvatar, removeAvatar, storeAvatar } from "./avatar-store.ts";
import { sniffImage } from "./sniff-image.ts";

export const maxAvatarBytes = 2 * 1024 * 1024;
/** A small file can be a huge picture, which would cost whoever looks at it. */
const maxPixels = 25_000_000;
const maxAttempts = 5;

export type AvatarContext = Pick<IdentityContext, "db" | "clock"> & { blobs: R2Bucket };

/** Where the avatar is served. */
const urlOf = (userId: string, file: string) => `/api/v1/avatars/${userId}/${file}`;

/**
 * Makes a picture one's avatar; the previous one is removed.
 * @returns where it is served
 * @throws AppError `PAYLOAD_TOO_LARGE` over 2 MB or 25 megapixels; `UNSUPPORTED_MEDIA_TYPE` unless the
 *   content is PNG, JPEG, WebP or GIF, whatever it calls itself; as `replaceAvatarUrl`
 */
export async function setAvatar(context: AvatarContext, actor: Account, bytes: Uint8Array): Promise<string> {
  if (bytes.byteLength > maxAvatarBytes)
    throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxAvatarBytes } });
  const picture = sniffImage(bytes);
  if (!picture)
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", { message: "Send a PNG, JPEG, WebP or GIF picture" });
  if (picture.width * picture.height > maxPixels)
    throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_pixels: maxPixels } });
  const { clientId, userId } = actor;
  const file = `${uuidv7({ msecs: context.clock.now() })}.${picture.extension}`;
  const place = { clientId, userId, file };
  await storeAvatar(context.blobs, place, bytes.subarray(0, picture.length), picture.contentType);
  try {
    await replaceAvatarUrl(context, actor, urlOf(userId, file));
  } catch (error) {
    await removeAvatar(context.blobs, place);
    throw error;
  }
  return urlOf(userId, file);
}

/**
 * Points one's profile to another avatar, or to none; the file behind the previous one is
 * removed. Of two at once each replaces the one before it, so that what the profile names exists.
 * @throws AppError `USER_NOT_FOUND`; `CONFLICT`
 */
export async function replaceAvatarUrl(
  { db, clock, blobs }: AvatarContext,
  { userId, clientId }: Account,
  next: string | null,
): Promise<void> {
  const event = userEvent(
    { id: userId, clientId },
    { event: "user.updated", data: { user_id: userId, changed: ["avatar_url"] } },
  );
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const found = await findProfile(db, userId);
    if (!found) throw new AppError("USER_NOT_FOUND");
    const previous = found.profile.avatarUrl;
    if (previous === next) return;
    const now = clock.now();
    const [, { meta }] = await db.batch([
      outboxStatement(db, event, now, hasAvatarUrl(userId, previous)),
      setAvatarUrl(db, userId, { previous, next }, now),
    ]);
    if (meta.changes === 0) continue;
    const own = urlOf(userId, "");
    if (previous?.startsWith(own)) {
      await removeAvatar(blobs, { clientId, userId, file: withoutPrefix(previous, own) });
    }
    return;
  }
  throw new AppError("CONFLICT", { message: "The avatar is being changed by others; try again" });
}

/**
 * An avatar, for its owner and for moderators and administrators of the tenant.
 * It is served as nothing but the picture it was found to be.
 * @param ifNoneMatch the header, if there is one
 * @throws AppError `NOT_FOUND`
 */
export async function readAvatar(
  blobs: R2Bucket,
  actor: Account,
  { userId, file, ifNoneMatch }: { userId: string; file: string; ifNoneMatch: string | undefined },
): Promise<Response> {
  const mayRead = actor.userId === userId || hasRole(actor, "moderator");
  const place = { clientId: actor.clientId, userId, file };
  const object = mayRead && (await findAvatar(blobs, place, ifNoneMatch));
  if (!object) throw new AppError("NOT_FOUND");
  const headers = new Headers({
    "content-type": object.httpMetadata?.contentType ?? "application/octet-stream",
    "content-disposition": "inline",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=86400, immutable",
    vary: "Authorization",
    etag: object.httpEtag,
  });
  if (!("body" in object)) return new Response(null, { status: 304, headers });
  headers.set("content-length", String(object.size));
  return new Response(object.body, { headers });
}
