import { and, eq, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { permissions, userPermissions } from "#src/db/schema/index.ts";

export const findPermission = (db: Database, name: string) =>
  db.select().from(permissions).where(eq(permissions.name, name)).get();

const isLivingUser = (userId: string): SQL =>
  sql`EXISTS (SELECT 1 FROM users AS living WHERE living.id = ${userId} AND living.deleted_at IS NULL)`;

const grantOf = (userId: string, permission: string) =>
  and(eq(userPermissions.userId, userId), eq(userPermissions.permission, permission));

/** What is granted to each of some accounts; those without a grant are not in it. */
export async function grantsOf(db: Database, userIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .select()
    .from(userPermissions)
    .where(sql`${userPermissions.userId} IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))`);
  const grants = new Map<string, string[]>();
  for (const { userId, permission } of rows) grants.set(userId, [...(grants.get(userId) ?? []), permission]);
  return grants;
}

/** True while an account has a permission granted. */
export const hasGrant = (userId: string, permission: string): SQL =>
  hasRow(userPermissions, grantOf(userId, permission));

/** True while `insertGrant` would grant it. */
export const canBeGranted = (userId: string, permission: string): SQL =>
  sql`${isLivingUser(userId)} AND NOT ${hasGrant(userId, permission)}`;

/** Grants a permission to a living account; changes no row when it is granted already. */
export const insertGrant = (db: Database, userId: string, permission: string, now: number) =>
  insertWhere(
    db,
    userPermissions,
    { userId, permission, grantedAt: now },
    isLivingUser(userId),
  ).onConflictDoNothing();

export const deleteGrant = (db: Database, userId: string, permission: string) =>
  db.delete(userPermissions).where(grantOf(userId, permission));
