import type { z } from "@hono/zod-openapi";
import type { userProfiles } from "#src/db/schema/index.ts";
import type { profileFieldsSchema } from "../schemas.ts";

/** A profile on the wire; what is unset is left out, as the older contract has it. */
export const profileFields = (
  profile: typeof userProfiles.$inferSelect,
): z.infer<typeof profileFieldsSchema> => ({
  user_id: profile.userId,
  first_name: profile.firstName ?? undefined,
  last_name: profile.lastName ?? undefined,
  company: profile.company ?? undefined,
  phone: profile.phone ?? undefined,
  avatar_url: profile.avatarUrl ?? undefined,
  preferences: profile.preferences,
});
