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

/** An id, or the name of an action: what an entry has as a whole. */
const whole = (description: string, example: string) =>
  z.string().min(1).max(200).optional().openapi({ description, example });

export const auditListQuery = cursorQuery().extend({
  actor: whole("Id of the account that did it", "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c"),
  target: whole("Id of what it was done to", "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c"),
  action: whole("Name of an action", "user.updated"),
  client_id: whole("Tenant of what it was done to", "acme"),
  from: periodStart.optional(),
  to: periodEnd.optional(),
});

export const auditListSchema = z
  .object({
    entries: z
      .array(auditEntrySchema.extend({ client_id: z.string() }))
      .openapi({ description: "What was done, the latest first" }),
    ...pageFields,
  })
  .openapi("AuditLog");

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
