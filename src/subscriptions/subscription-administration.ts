import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import type { AuditEntry } from "../identity/audit-repository.ts";
import type { Device } from "../identity/device.ts";
import type { UserRow } from "../identity/user-repository.ts";
import type { AuditAction } from "../kernel/audit-actions.ts";

/** What a caller needs besides the role admin, which includes it. */
export const subscriptionPermission = "admin.subscriptions";

/** What the use cases of subscription administration need. */
export interface SubscriptionAdministration {
  db: Database;
  clock: Clock;
  /** Where the administrator's request came from. */
  device: Device;
}

/** The audit entry of something that was done with a user's subscription; the actor is null for the system. */
export const subscriptionAction = (
  action: AuditAction,
  actorId: string | null,
  device: Device,
  { id, clientId }: UserRow,
  details: Record<string, unknown>,
): AuditEntry => ({ actorId, action, target: { type: "user", id }, clientId, details, device });
