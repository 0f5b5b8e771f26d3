import type { z } from "@hono/zod-openapi";
import { cursorBehind, skippedBy } from "#src/http/page.ts";
import { type Account, tenantWithin } from "#src/kernel/actor.ts";
import { requireReadingUsers } from "../access/rights.ts";
import { auditReading, type ReadingContext } from "../audit/audit-reading.ts";
import type { ListUsers, userListSchema } from "../schemas.ts";
import { pageOfUsers } from "./administered-user-repository.ts";
import { administeredUserView } from "./views.ts";

/**
 * One page of the accounts that the caller's rights reach; for moderators too.
 * @throws AppError `INSUFFICIENT_PERMISSIONS`
 */
export async function listUsers(
  context: ReadingContext,
  actor: Account,
  query: ListUsers,
): Promise<z.infer<typeof userListSchema>> {
  requireReadingUsers(actor);
  const client_id = tenantWithin(actor, query.client_id);
  const size = query.limit ?? query.page_size;
  const skipped = query.cursor === undefined ? (query.page - 1) * size : skippedBy(query.cursor);
  await auditReading(context, actor, "users.listed", undefined, { skipped });
  const { rows, total } = await pageOfUsers(
    context.db,
    { ...query, client_id },
    { limit: size, offset: skipped },
  );
  return {
    users: rows.map(administeredUserView),
    total_count: total,
    page: Math.floor(skipped / size) + 1,
    page_size: size,
    total_pages: Math.ceil(total / size),
    next_cursor: cursorBehind(skipped + size, total),
  };
}
