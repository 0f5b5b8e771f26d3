import { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { findProfile, permissionsOf } from "../accounts/user-repository.ts";
import { profileSchema } from "../schemas.ts";
import { profileFields } from "./profile-view.ts";

export const getProfile = operation({
  name: "getProfile",
  summary: "One's own profile",
  input: z.object({}),
  output: profileSchema,
  refusals: ["USER_NOT_FOUND"],
  run: ownProfile,
});

/**
 * One's own account with its profile; the profile's fields stand beside the
 * account's and under `profile`, where the older contract has them.
 * @throws AppError `USER_NOT_FOUND`
 */
export async function ownProfile(
  { db }: Pick<Platform, "db">,
  { userId }: Account,
): Promise<z.infer<typeof profileSchema>> {
  const [found, permissions] = await Promise.all([findProfile(db, userId), permissionsOf(db, userId)]);
  if (!found) throw new AppError("USER_NOT_FOUND");
  const { user, profile } = found;
  const fields = profileFields(profile);
  return wireRow(profileSchema, user, {
    ...fields,
    subscription_tier: user.tier,
    updated_at: isoTime(Math.max(user.updatedAt, profile.updatedAt)),
    permissions,
    profile: fields,
  });
}
