import type { z } from "zod";
import { isoTime } from "../clock.ts";
import { AppError } from "../http/app-error.ts";
import type { IdentityContext } from "./issue-tokens.ts";
import type { Principal } from "./principal.ts";
import type { profileSchema, UpdateProfile } from "./schemas.ts";
import { findProfile, updateProfileRow } from "./user-repository.ts";

/** One's own profile. */
export async function getProfile(
  { db }: Pick<IdentityContext, "db">,
  { userId }: Principal,
): Promise<z.infer<typeof profileSchema>> {
  const found = await findProfile(db, userId);
  if (!found) throw new AppError("USER_NOT_FOUND");
  const { profile, email } = found;
  return {
    user_id: profile.userId,
    email,
    first_name: profile.firstName,
    last_name: profile.lastName,
    company: profile.company,
    phone: profile.phone,
    avatar_url: profile.avatarUrl,
    preferences: profile.preferences,
    updated_at: isoTime(profile.updatedAt),
  };
}

/** Changes the fields that are given. */
export async function updateProfile(context: IdentityContext, principal: Principal, change: UpdateProfile) {
  await updateProfileRow(context.db, principal.userId, change, context.clock.now());
  return getProfile(context, principal);
}
