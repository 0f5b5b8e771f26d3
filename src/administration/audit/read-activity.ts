import type { z } from "@hono/zod-openapi";
import { pageOf, pageRequest } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { requireReadingUsers } from "../access/rights.ts";
import type { activityQuery, activitySchema } from "../schemas.ts";
import { anyUserWithin } from "../users/user-within.ts";
import { auditBy } from "./audit-query-repository.ts";
import { auditReading, type ReadingContext } from "./audit-reading.ts";

/**
 * What an account did, the latest first, as the audit log has it; for moderators too.
 * @throws AppError `USER_NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export async function readActivity(
  context: ReadingContext,
  actor: Account,
  userId: string,
  { offset, ...query }: z.infer<typeof activityQuery>,
): Promise<z.infer<typeof activitySchema>> {
  requireReadingUsers(actor);
  const { db } = context;
  await anyUserWithin(db, actor, userId);
  await auditReading(context, actor, "user.activity_read", { type: "user", id: userId });
  const page = pageRequest(query);
  const found = await auditBy(db, userId, { ...page, offset });
  const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
  const activities = rows.map((row) => ({
    id: row.id,
    user_id: userId,
    action: row.action,
    details: row.details,
    ip_address: row.ip,
    user_agent: row.userAgent,
    created_at: isoTime(row.createdAt),
  }));
  return { user_id: userId, activities, count: activities.length, next_cursor: nextCursor };
}
