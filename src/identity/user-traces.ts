import type { TenantEvent } from "../realtime/event-outbox-repository.ts";
import type { AuditEntry } from "./audit-repository.ts";
import type { Device } from "./device.ts";

/** An account, as far as events and audit rows name it. */
interface Named {
  id: string;
  clientId: string;
}

/** An event about an account; its owner and administrators may see it. */
export const userEvent = (
  event: "user.created" | "user.updated" | "user.deleted",
  { id, clientId }: Named,
  data: Record<string, unknown> = {},
): TenantEvent => ({ clientId, event, entityId: id, ownerUserId: id, data: { user_id: id, ...data } });

/** An event about an account's subscription; kept in one order with the account's own. */
export const subscriptionEvent = (
  event: "subscription.created" | "subscription.updated" | "subscription.cancelled",
  { id, clientId }: Named,
  data: Record<string, unknown> = {},
): TenantEvent => ({ clientId, event, entityId: id, ownerUserId: id, data: { user_id: id, ...data } });

/** The audit entry of something that a user did with their own account. */
export const ownAction = (
  action: string,
  { id, clientId }: Named,
  device: Device,
  details?: Record<string, unknown>,
): AuditEntry => ({ actorId: id, action, target: { type: "user", id }, clientId, device, details });
