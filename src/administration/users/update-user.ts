import { z } from "@hono/zod-openapi";
import { countTiers } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { changeUser } from "./change-users.ts";
import { followUp } from "./follow-up.ts";
import { administeredUserSchema, updateUserSchema, userParams } from "./schemas.ts";
import { updatePlan } from "./update-plan.ts";
import { administeredUserView } from "./views.ts";

export const updateUser = operation({
  name: "updateUser",
  summary:
    "Change an account; fields left out stay. Its sessions end with another role and with deactivation",
  input: z.object({ params: userParams, body: updateUserSchema }),
  output: administeredUserSchema,
  refusals: ["BAD_REQUEST", "USER_NOT_FOUND", "CONFLICT", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { params: { user_id }, body }) => {
    const changed = await changeUser(platform, actor, user_id, updatePlan(actor, body));
    if (body.subscription_tier !== undefined) await countTiers(platform, user_id);
    await followUp(platform, changed, body.role !== undefined && changed.user.isActive);
    return administeredUserView(changed.user);
  },
});
