import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { operation } from "#src/operation/operation.ts";
import { userParams } from "../users/schemas.ts";
import { anyUserWithin } from "../users/user-within.ts";
import { auditAbout } from "./audit-query-repository.ts";
import { auditReading } from "./audit-reading.ts";
import { auditEntrySchema, auditLogSchema, auditQuery } from "./schemas.ts";

/** The last month, when no other period is asked for. */
const defaultPeriodMs = 30 * 86_400_000;

/** Nothing happened before; times before the year 0 could not even be written in an answer. */
const since1970 = (time: number): number => Math.max(0, time);

/** The period that is asked for, its end exclusive. Throws `VALIDATION_ERROR` for one that ends before it begins. */
function periodOf({ start_date, end_date }: z.infer<typeof auditQuery>, now: number) {
  // One past now, so that what happened in this very millisecond is in.
  const end = since1970(end_date ?? now + 1);
  const start = since1970(start_date ?? end - defaultPeriodMs);
  if (start > end) {
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: [{ path: "start_date", message: "Not after end_date" }] },
    });
  }
  return { start, end };
}

/** What the audit log says of an account, also of a deleted one. */
export const getUserAudit = operation({
  name: "getUserAudit",
  summary:
    "What an account did and what was done to it, the latest first; the last month unless asked otherwise",
  input: z.object({ params: userParams, query: auditQuery }),
  output: auditLogSchema,
  refusals: ["USER_NOT_FOUND"],
  run: async (platform, actor, { params: { user_id }, query }) => {
    const { db, clock } = platform;
    const { start, end } = periodOf(query, clock.now());
    await anyUserWithin(db, actor, user_id);
    await auditReading(platform, actor, "user.audit_read", { type: "user", id: user_id });
    const request = pageRequest(query);
    const { rows, page } = listed(await auditAbout(db, user_id, { start, end, ...request }), request.limit);
    const logs = rows.map((row) => wireRow(auditEntrySchema, row, { ip_address: row.ip }));
    const [from, to] = [isoTime(start), isoTime(end)];
    return { user_id, logs, ...page, period: { start: from, end: to, start_date: from, end_date: to } };
  },
});
