import type { AuditEntry } from "#src/audit/audit-repository.ts";
import type { Database } from "#src/db/client.ts";
import type { UserRow } from "#src/identity/accounts/user-repository.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { Device } from "#src/kernel/device.ts";

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
