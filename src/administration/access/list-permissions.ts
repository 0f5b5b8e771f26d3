import type { z } from "@hono/zod-openapi";
import type { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { permissionNames, permissions, spellingsOf } from "#src/kernel/permissions.ts";
import { operationsOpenedBy } from "#src/operation/opened-by.ts";
import type { permissionListSchema } from "../schemas.ts";
import { requireAdministeringUsers } from "./rights.ts";

/**
 * Every permission there is, by name, with what it opens.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export function listPermissions(
  actor: Account,
  query: z.infer<ReturnType<typeof cursorQuery>>,
): z.infer<typeof permissionListSchema> {
  requireAdministeringUsers(actor);
  const listed = permissionNames.map((name) => ({
    name,
    description: permissions[name].description,
    operations: operationsOpenedBy(name),
    also_spelled: spellingsOf(name),
  }));
  const { rows, nextCursor } = pageOfAll(listed, query);
  return { permissions: rows, next_cursor: nextCursor };
}
