import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import { revokeSessionsOf, userEvent } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { permissionNamed } from "#src/kernel/permissions.ts";
import { operation } from "#src/operation/operation.ts";
import { followUp } from "../users/follow-up.ts";
import { userParams } from "../users/schemas.ts";
import { userAction } from "../users/user-action.ts";
import { userBelow } from "../users/user-within.ts";
import { deleteGrant, hasGrant } from "./permission-repository.ts";
import { permissionNameSchema } from "./schemas.ts";

export const revokePermission = operation({
  name: "revokePermission",
  summary: "Take a permission from an account; its sessions end, because their tokens carry it",
  input: z.object({ params: userParams.extend({ permission_name: permissionNameSchema }) }),
  output: z.void(),
  refusals: ["USER_NOT_FOUND", "NOT_FOUND", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { params: { user_id, permission_name } }) => {
    const { db, clock } = platform;
    const permission = permissionNamed(permission_name);
    const user = await userBelow(db, actor, user_id);
    const now = clock.now();
    const event = userEvent(user, {
      event: "user.updated",
      data: { user_id, permission_revoked: permission },
    });
    const isGranted = hasGrant(user_id, permission);
    const [, , ended, { meta }] = await db.batch([
      auditStatement(db, userAction(actor, "permission.revoked", user, { permission }), now, isGranted),
      platform.tell(event, now, isGranted),
      revokeSessionsOf(db, user_id, now, undefined, isGranted),
      deleteGrant(db, user_id, permission),
    ]);
    if (meta.changes === 0) throw new AppError("NOT_FOUND", { message: "The permission is not granted" });
    await followUp(platform, { user, ended: ended.map(({ id }) => id) }, true);
  },
});
