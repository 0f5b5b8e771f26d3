import type { AuditEntry } from "#src/audit/index.ts";
import type { TenantEvent } from "#src/events/index.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Device } from "#src/kernel/device.ts";
import type { EventNameOf, EventOf } from "#src/kernel/event-catalogue.ts";

/** An account, as far as events and audit rows name it. */
interface Named {
  id: string;
  clientId: string;
}

/** An event about an account or its subscription, which are kept in one order. */
export const userEvent = (
  { id, clientId }: Named,
  told: EventOf<EventNameOf<"user" | "subscription" | "security">>,
): TenantEvent => ({ clientId, entityId: id, ownerUserId: id, ...told });

/** The audit entry of something that a user did with their own account. */
export const ownAction = (
  action: AuditAction,
  { id, clientId }: Named,
  device: Device,
  details?: Record<string, unknown>,
): AuditEntry => ({ actorId: id, action, target: { type: "user", id }, clientId, device, details });
