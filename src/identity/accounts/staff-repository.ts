import { and, eq, exists, inArray, isNull, or } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { userPermissions, users } from "#src/db/schema/index.ts";
import type { Permission } from "#src/kernel/permissions.ts";

/** What lets somebody handle conversations besides their role. */
const handling: Permission[] = ["conversations.handle", "*"];

/** Whether an account of this query is one of whoever may handle conversations, in whatever tenant. */
export function isHandling(db: Database) {
  const permitted = exists(
    db
      .select({ id: userPermissions.userId })
      .from(userPermissions)
      .where(and(eq(userPermissions.userId, users.id), inArray(userPermissions.permission, handling))),
  );
  return and(
    eq(users.isActive, true),
    isNull(users.deletedAt),
    or(inArray(users.role, ["moderator", "admin"]), permitted),
  );
}

/** Whether somebody may handle conversations of a tenant, and is active. */
export async function isStaff(db: Database, clientId: string, userId: string): Promise<boolean> {
  const row = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.clientId, clientId), isHandling(db)))
    .get();
  return row !== undefined;
}
