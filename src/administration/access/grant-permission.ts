import { z } from "@hono/zod-openapi";
import { auditStatement } from "#src/audit/index.ts";
import { findUser, permissionsOf, userEvent } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { permissionNamed } from "#src/kernel/permissions.ts";
import { operation } from "#src/operation/operation.ts";
import { userParams } from "../users/schemas.ts";
import { userAction } from "../users/user-action.ts";
import { userBelow } from "../users/user-within.ts";
import { canBeGranted, findPermission, insertGrant } from "./permission-repository.ts";
import { refuseGrantAbove } from "./refuse-above.ts";
import { grantSchema, permissionsSchema } from "./schemas.ts";

export const grantPermission = operation({
  name: "grantPermission",
  summary: "Grant an account a permission; its tokens carry it from the next refresh on",
  input: z.object({ params: userParams, body: grantSchema }),
  output: permissionsSchema,
  refusals: ["USER_NOT_FOUND", "NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { user_id }, body }) => {
    const { db, clock } = platform;
    const permission = permissionNamed(body.permission_name);
    const [user, known] = await Promise.all([userBelow(db, actor, user_id), findPermission(db, permission)]);
    if (!known) throw new AppError("NOT_FOUND", { message: "No such permission" });
    refuseGrantAbove(actor, permission);
    const now = clock.now();
    const event = userEvent(user, {
      event: "user.updated",
      data: { user_id, permission_granted: permission },
    });
    const isNew = canBeGranted(user_id, permission);
    const [, , { meta }] = await db.batch([
      auditStatement(db, userAction(actor, "permission.granted", user, { permission }), now, isNew),
      platform.tell(event, now, isNew),
      insertGrant(db, user_id, permission, now),
    ]);
    if (meta.changes > 0) return { user_id, permissions: await permissionsOf(db, user_id) };
    if (!(await findUser(db, user_id))) throw new AppError("USER_NOT_FOUND");
    throw new AppError("CONFLICT", { message: "The permission is granted already" });
  },
});
