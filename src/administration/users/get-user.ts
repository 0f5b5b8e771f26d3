import { z } from "@hono/zod-openapi";
import { findProfile, permissionsOf, profileFields } from "#src/identity/index.ts";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { auditReading } from "../audit/audit-reading.ts";
import { accountAge } from "./account-age.ts";
import { countBelongings } from "./administered-user-repository.ts";
import { userDetailsSchema, userParams } from "./schemas.ts";
import { userWithin } from "./user-within.ts";
import { administeredUserView } from "./views.ts";

export const getUser = operation({
  name: "getUser",
  summary: "One account with what it has",
  input: z.object({ params: userParams }),
  output: userDetailsSchema,
  refusals: ["USER_NOT_FOUND"],
  run: async (platform, actor, { params: { user_id } }) => {
    const { db, clock } = platform;
    const row = await userWithin(db, actor, user_id);
    await auditReading(platform, actor, "user.read", { type: "user", id: user_id });
    const [permissions, belongings, found] = await Promise.all([
      permissionsOf(db, user_id),
      countBelongings(db, user_id),
      findProfile(db, user_id),
    ]);
    return {
      user: { ...administeredUserView(row), permissions, profile: found && profileFields(found.profile) },
      stats: {
        total_projects: belongings.projects,
        total_personas: belongings.personas,
        last_login_at: isoTimeOrNull(row.lastLoginAt),
        account_age: accountAge(row.createdAt, clock.now()),
        total_logins: row.totalLogins,
      },
    };
  },
});
