import type { AuditEntry } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";

/** The audit entry of something that an administrator did with somebody's account. */
export const userAction = (
  actor: Account,
  action: AuditAction,
  { id, clientId }: { id: string; clientId: string },
  details: Record<string, unknown> = {},
): AuditEntry => ({
  actorId: actor.userId,
  action,
  target: { type: "user", id },
  clientId,
  details,
  device: actor.device,
});
