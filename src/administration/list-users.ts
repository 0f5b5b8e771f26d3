import type { z } from "@hono/zod-openapi";
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
  const { rows, total } = await pageOfUsers(db, query);
  return {
    users: rows.map(administeredUserView),
    total_count: total,
    page: query.page,
    page_size: query.page_size,
    total_pages: Math.ceil(total / query.page_size),
  };
}
