import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { pageFields } from "#src/http/page.ts";

const time = z.iso.datetime();

export const auditQuery = cursorQuery().extend({
  start_date: periodStart.optional(),
  end_date: periodEnd.optional(),
});

const entrySchema = z.object({
  id: z.string(),
  action: z.string(),
  details: z.record(z.string(), z.unknown()),
  ip_address: z.string(),
  user_agent: z.string(),
  created_at: time,
});

/** An entry of the audit log. */
export const auditEntrySchema = entrySchema.extend({
  actor_id: z.string().nullable(),
  target_type: z.string(),
  target_id: z.string(),
});

export const auditLogSchema = z
  .object({
    user_id: z.uuid(),
    logs: z.array(auditEntrySchema),
    ...pageFields,
    period: z.object({ start: time, end: time, start_date: time, end_date: time }),
  })
  .openapi("UserAudit");

export const activityQuery = cursorQuery().extend({
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
});

/** An entry, as one of what an account did. */
export const actionSchema = entrySchema.extend({ user_id: z.uuid() });

export const activitySchema = z
  .object({ user_id: z.uuid(), activities: z.array(actionSchema), ...pageFields })
  .openapi("UserActivity");
