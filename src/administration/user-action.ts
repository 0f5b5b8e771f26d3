import type { AuditEntry } from "../identity/audit-repository.ts";
import type { Device } from "../identity/device.ts";
import type { Principal } from "../identity/principal.ts";
import type { AuditAction } from "../kernel/audit-actions.ts";

/** The audit entry of something that an administrator did with somebody's account. */
export const userAction = (
  principal: Principal,
  device: Device,
  action: AuditAction,
  { id, clientId }: { id: string; clientId: string },
  details: Record<string, unknown> = {},
): AuditEntry => ({
  actorId: principal.userId,
  action,
  target: { type: "user", id },
  clientId,
  details,
  device,
});
