import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { nextCursorSchema } from "#src/http/page.ts";

const time = z.iso.datetime();

export const auditQuery = cursorQuery().extend({
  start_date: periodStart.optional(),
  end_date: periodEnd.optional(),
});

export const auditLogSchema = z
  .object({
    user_id: z.uuid(),
    logs: z.array(
      z.object({
        id: z.string(),
        actor_id: z.string().nullable(),
        action: z.string(),
        target_type: z.string(),
        target_id: z.string(),
        details: z.record(z.string(), z.unknown()),
        ip_address: z.string(),
        user_agent: z.string(),
        created_at: time,
      }),
    ),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
    period: z.object({ start: time, end: time, start_date: time, end_date: time }),
  })
  .openapi("UserAudit");

export const activityQuery = cursorQuery().extend({
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
});

export const activitySchema = z
  .object({
    user_id: z.uuid(),
    activities: z.array(
      z.object({
        id: z.string(),
        user_id: z.uuid(),
        action: z.string(),
        details: z.record(z.string(), z.unknown()),
        ip_address: z.string(),
        user_agent: z.string(),
        created_at: time,
      }),
    ),
    count: z.number().int(),
    next_cursor: nextCursorSchema,
  })
  .openapi("UserActivity");
