import type { z } from "@hono/zod-openapi";
import { pageOf, pageRequest } from "#src/http/page.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { requireReadingUsers } from "../access/rights.ts";
import type { auditLogSchema, auditQuery } from "../schemas.ts";
import { anyUserWithin } from "../users/user-within.ts";
import { auditAbout } from "./audit-query-repository.ts";
import { auditReading, type ReadingContext } from "./audit-reading.ts";

/** The last month, when no other period is asked for. */
const defaultPeriodMs = 30 * 86_400_000;

/** Nothing happened before; times before the year 0 could not even be written in an answer. */
const since1970 = (time: number): number => Math.max(0, time);

/**
 * What the audit log says of an account, also of a deleted one: what it did and
 * what was done to it. The end of the period is exclusive. For moderators too.
 * @throws AppError `USER_NOT_FOUND`; `VALIDATION_ERROR` for a period that ends before it
 *   begins; `INSUFFICIENT_PERMISSIONS`
 */
export async function readAudit(
  context: ReadingContext,
  actor: Account,
  userId: string,
  { start_date, end_date, ...query }: z.infer<typeof auditQuery>,
): Promise<z.infer<typeof auditLogSchema>> {
  requireReadingUsers(actor);
  const { db, clock } = context;
  // One past now, so that what happened in this very millisecond is in.
  const end = since1970(end_date ?? clock.now() + 1);
  const start = since1970(start_date ?? end - defaultPeriodMs);
  if (start > end) {
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "start_date", message: "Not after end_date" }] },
    });
  }
  await anyUserWithin(db, actor, userId);
  await auditReading(context, actor, "user.audit_read", { type: "user", id: userId });
  const page = pageRequest(query);
  const found = await auditAbout(db, userId, { start, end, ...page });
  const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
  const logs = rows.map((row) => ({
    id: row.id,
    actor_id: row.actorId,
    action: row.action,
    target_type: row.targetType,
    target_id: row.targetId,
    details: row.details,
    ip_address: row.ip,
    user_agent: row.userAgent,
    created_at: isoTime(row.createdAt),
  }));
  return {
    user_id: userId,
    logs,
    count: logs.length,
    next_cursor: nextCursor,
    period: { start: isoTime(start), end: isoTime(end), start_date: isoTime(start), end_date: isoTime(end) },
  };
}
