import { and, eq, exists, inArray, isNull, or } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { userPermissions, users } from "#src/db/schema/index.ts";
import type { Permission } from "#src/kernel/permissions.ts";

/** What lets somebody handle conversations besides their role. */
const handling: Permission[] = ["conversations.handle", "*"];

/** Whether somebody may handle conversations of a tenant, and is active. */
export async function isStaff(db: Database, clientId: string, userId: string): Promise<boolean> {
  const permitted = exists(
    db
      .select({ id: userPermissions.userId })
      .from(userPermissions)
      .where(and(eq(userPermissions.userId, users.id), inArray(userPermissions.permission, handling))),
  );
  const row = await db
    .select({ id: users.id })
    .from(users)
    .where(
      and(
        eq(users.id, userId),
        eq(users.clientId, clientId),
        eq(users.isActive, true),
        isNull(users.deletedAt),
        or(inArray(users.role, ["moderator", "admin"]), permitted),
      ),
    )
    .get();
  return row !== undefined;
}
