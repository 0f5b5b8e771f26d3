import { z } from "@hono/zod-openapi";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findProfile, hasProfile, updateProfileRow } from "../accounts/user-repository.ts";
import { userEvent } from "../accounts/user-traces.ts";
import { profileSchema, updateProfileSchema } from "../schemas.ts";
import { ownProfile } from "./get-profile.ts";
import { type AvatarKeeping, replaceAvatarUrl } from "./replace-avatar-url.ts";

export const updateProfile = operation({
  name: "updateProfile",
  summary: "Change one's own profile; fields left out stay as they are",
  input: z.object({ body: updateProfileSchema }),
  output: profileSchema,
  refusals: ["USER_NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { body: { avatar_url, ...change } }) => {
    const { db, clock } = platform;
    if (avatar_url !== undefined) await changeAvatarUrl(platform, actor, avatar_url);
    const changed = Object.keys(change);
    if (changed.length > 0) {
      const now = clock.now();
      const { userId, clientId } = actor;
      const told = { event: "user.updated", data: { user_id: userId, changed } } as const;
      await db.batch([
        platform.tell(userEvent({ id: userId, clientId }, told), now, hasProfile(userId)),
        updateProfileRow(db, userId, change, now),
      ]);
    }
    return ownProfile(platform, actor);
  },
});

/** An avatar elsewhere, none, or the one there is: clients send profiles back as they got them. */
async function changeAvatarUrl(platform: AvatarKeeping, actor: Account, next: string | null): Promise<void> {
  const isElsewhere = next !== null && URL.parse(next)?.protocol === "https:";
  const current = (await findProfile(platform.db, actor.userId))?.profile.avatarUrl;
  if (next !== null && !isElsewhere && next !== current) {
    const message = "An https address, or null";
    throw new AppError("VALIDATION_ERROR", { details: { fields: [{ path: "avatar_url", message }] } });
  }
  await replaceAvatarUrl(platform, actor, next);
}
