import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import { findProfile, hasAvatarUrl, setAvatarUrl } from "../accounts/user-repository.ts";
import { userEvent } from "../accounts/user-traces.ts";
import { removeAvatar } from "./avatar-store.ts";

const maxAttempts = 5;

export type AvatarKeeping = Pick<Platform, "db" | "clock" | "blobs" | "tell">;

/** Where an avatar is served. */
export const avatarUrl = (userId: string, file: string) => `/api/v1/avatars/${userId}/${file}`;

/**
 * Points one's profile to another avatar, or to none; the file behind the previous one is
 * removed. Of two at once each replaces the one before it, so that what the profile names exists.
 * @throws AppError `USER_NOT_FOUND`; `CONFLICT`
 */
export async function replaceAvatarUrl(
  { db, clock, blobs, tell }: AvatarKeeping,
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
      tell(event, now, hasAvatarUrl(userId, previous)),
      setAvatarUrl(db, userId, { previous, next }, now),
    ]);
    if (meta.changes === 0) continue;
    const own = avatarUrl(userId, "");
    if (previous?.startsWith(own)) {
      await removeAvatar(blobs, { clientId, userId, file: withoutPrefix(previous, own) });
    }
    return;
  }
  throw new AppError("CONFLICT", { message: "The avatar is being changed by others; try again" });
}
