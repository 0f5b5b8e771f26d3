import { z } from "@hono/zod-openapi";
import { stopRunsOf } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { changeUser } from "./change-users.ts";
import { deletionPlan } from "./deletion-plan.ts";
import { followUp } from "./follow-up.ts";
import { userParams } from "./schemas.ts";

export const deleteUser = operation({
  name: "deleteUser",
  summary: "Delete an account: it is signed out and cannot sign in; its personal data goes later",
  input: z.object({ params: userParams }),
  output: z.void(),
  refusals: ["BAD_REQUEST", "USER_NOT_FOUND", "CONFLICT", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { params }) => {
    const deleted = await changeUser(platform, actor, params.user_id, deletionPlan(actor));
    await stopRunsOf(platform, deleted.user);
    await followUp(platform, deleted);
  },
});
