import { type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { auditLog } from "#src/db/schema/audit-log.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Device } from "#src/kernel/device.ts";
import { cutText } from "#src/text/cut-text.ts";

/** One action worth remembering. */
export interface AuditEntry {
  actorId: string | null;
  /** Dotted name, for example `user.password_changed`. */
  action: AuditAction;
  target: { type: string; id: string };
  clientId: string;
  /** Plain facts; never a secret. */
  details?: Record<string, unknown>;
  device: Device;
}

/**
 * Remembers an action; stands in the batch that carries it out. With `when` it
 * is remembered only if that condition holds (`hasRow`, for a change whose own
 * statement decides whether it happens).
 */
export const auditStatement = (
  db: Database,
  { actorId, action, target, clientId, details = {}, device }: AuditEntry,
  now: number,
  when: SQL = sql`true`,
) =>
  insertWhere(
    db,
    auditLog,
    {
      id: uuidv7({ msecs: now }),
      actorId,
      action,
      targetType: target.type,
      targetId: target.id,
      clientId,
      details,
      ip: device.ip,
      userAgent: cutText(device.userAgent, 255),
      createdAt: now,
    },
    when,
  );
