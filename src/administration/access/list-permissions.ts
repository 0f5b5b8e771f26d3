import type { z } from "@hono/zod-openapi";
import type { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import { permissions, spellingsOf } from "#src/identity/permissions.ts";
import type { Account } from "#src/kernel/actor.ts";
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
  const listed = Object.entries(permissions)
    .map(([name, { description, opens }]) => ({
      name,
      description,
      operations: [...opens],
      also_spelled: spellingsOf(name),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { rows, nextCursor } = pageOfAll(listed, query);
  return { permissions: rows, next_cursor: nextCursor };
}
