import type { z } from "zod";
import { outboxStatement } from "#src/events/event-outbox.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { findProfile, hasProfile, permissionsOf, updateProfileRow } from "../accounts/user-repository.ts";
import { userEvent } from "../accounts/user-traces.ts";
import type { profileSchema, UpdateProfile } from "../schemas.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import { replaceAvatarUrl } from "./avatar.ts";
import { profileFields } from "./profile-view.ts";

/**
 * One's own account with its profile; the profile's fields stand beside the
 * account's and under `profile`, where the older contract has them.
 * @throws AppError `USER_NOT_FOUND`
 */
export async function getProfile(
  { db }: Pick<IdentityContext, "db">,
  { userId }: Account,
): Promise<z.infer<typeof profileSchema>> {
  const [found, permissions] = await Promise.all([findProfile(db, userId), permissionsOf(db, userId)]);
  if (!found) throw new AppError("USER_NOT_FOUND");
  const { user, profile } = found;
  const fields = profileFields(profile);
  return {
    ...fields,
    id: user.id,
    email: user.email,
    role: user.role,
    client_id: user.clientId,
    subscription_tier: user.tier,
    is_active: user.isActive,
    email_verified: user.emailVerified,
    created_at: isoTime(user.createdAt),
    updated_at: isoTime(Math.max(user.updatedAt, profile.updatedAt)),
    last_login_at: user.lastLoginAt === null ? null : isoTime(user.lastLoginAt),
    permissions,
    profile: fields,
  };
}

/**
 * Changes the fields that are given.
 * @throws AppError `USER_NOT_FOUND`; `VALIDATION_ERROR` for an avatar that is nowhere; `CONFLICT`
 */
export async function updateProfile(
  context: IdentityContext & { blobs: R2Bucket },
  actor: Account,
  { avatar_url, ...change }: UpdateProfile,
) {
  const { db, clock } = context;
  if (avatar_url !== undefined) await changeAvatarUrl(context, actor, avatar_url);
  if (Object.keys(change).length === 0) return getProfile(context, actor);
  const now = clock.now();
  const user = { id: actor.userId, clientId: actor.clientId };
  const event = userEvent(user, {
    event: "user.updated",
    data: { user_id: user.id, changed: Object.keys(change) },
  });
  await db.batch([
    outboxStatement(db, event, now, hasProfile(actor.userId)),
    updateProfileRow(db, actor.userId, change, now),
  ]);
  return getProfile(context, actor);
}

/** An avatar elsewhere, none, or the one there is: clients send profiles back as they got them. */
async function changeAvatarUrl(
  context: IdentityContext & { blobs: R2Bucket },
  actor: Account,
  next: string | null,
): Promise<void> {
  const isElsewhere = next !== null && URL.parse(next)?.protocol === "https:";
  const current = (await findProfile(context.db, actor.userId))?.profile.avatarUrl;
  if (next !== null && !isElsewhere && next !== current) {
    const message = "An https address, or null";
    throw new AppError("VALIDATION_ERROR", { details: { fields: [{ path: "avatar_url", message }] } });
  }
  await replaceAvatarUrl(context, actor, next);
}
