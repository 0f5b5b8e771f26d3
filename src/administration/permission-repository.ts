import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { permissions, userPermissions } from "../db/schema/index.ts";

export const findPermission = (db: Database, name: string) =>
  db.select().from(permissions).where(eq(permissions.name, name)).get();

/** Grants a permission to a living account; changes no row when it is granted already. */
export const insertGrant = (db: Database, userId: string, permission: string, now: number) =>
  db
    .insert(userPermissions)
    // Columns in the order of the table.
    .select(sql`
      SELECT ${userId}, ${permission}, ${now} WHERE EXISTS (
        SELECT 1 FROM users AS living WHERE living.id = ${userId} AND living.deleted_at IS NULL)`)
    .onConflictDoNothing();

export const deleteGrant = (db: Database, userId: string, permission: string) =>
  db
    .delete(userPermissions)
    .where(and(eq(userPermissions.userId, userId), eq(userPermissions.permission, permission)));
