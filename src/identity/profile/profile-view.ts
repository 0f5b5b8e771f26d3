import type { z } from "@hono/zod-openapi";
import type { userProfiles } from "#src/db/schema/index.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { profileFieldsSchema } from "../schemas.ts";

/** A profile on the wire; what is unset is left out, as the older contract has it. */
export const profileFields = (
  profile: typeof userProfiles.$inferSelect,
): z.infer<typeof profileFieldsSchema> => wireRow(profileFieldsSchema, profile);
