import type { z } from "@hono/zod-openapi";
import { cursorBehind, skippedBy } from "../http/page.ts";
import { type Principal, requireRole } from "../identity/principal.ts";
import { pageOfUsers } from "./administered-user-repository.ts";
import type { AdministrationContext } from "./administration-context.ts";
import type { ListUsers, userListSchema } from "./schemas.ts";
import { administeredUserView } from "./views.ts";

/**
 * One page of the platform's accounts; for moderators too.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function listUsers(
  { db }: Pick<AdministrationContext, "db">,
  principal: Principal,
  query: ListUsers,
): Promise<z.infer<typeof userListSchema>> {
  requireRole(principal, "moderator");
  const size = query.limit ?? query.page_size;
  const skipped = query.cursor === undefined ? (query.page - 1) * size : skippedBy(query.cursor);
  const { rows, total } = await pageOfUsers(db, query, { limit: size, offset: skipped });
  return {
    users: rows.map(administeredUserView),
    total_count: total,
    page: Math.floor(skipped / size) + 1,
    page_size: size,
    total_pages: Math.ceil(total / size),
    next_cursor: cursorBehind(skipped + size, total),
  };
}
