import type { ActingContext } from "#src/audit/acting-context.ts";
import type { Account } from "#src/kernel/actor.ts";
import { changeInstance, type InstanceEvent } from "#src/personas/instances/change-instance.ts";
import type { InstanceRow } from "#src/personas/instances/instance-repository.ts";
import { instancesOfPlatform } from "#src/personas/instances/instance-scope.ts";

/**
 * Switches an instance of any tenant on or off. Its owner and administrators hear
 * of it by `instance.status.changed`, the tenant of one switched off by
 * `system.notification` (without its name and the reason, which are the owner's).
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export const setAgentStatus = (
  context: ActingContext,
  actor: Account,
  id: string,
  { is_active, reason }: { is_active: boolean; reason?: string },
): Promise<InstanceRow> =>
  changeInstance(context, actor, instancesOfPlatform(actor), id, (before) => {
    const after = { ...before, isActive: is_active };
    if (before.isActive === is_active) return { after, events: [] };
    const changed: InstanceEvent = {
      event: "instance.status.changed",
      data: { instance_id: id, is_active, reason: reason ?? null },
    };
    const notification: InstanceEvent = { event: "system.notification", data: { code: "AGENT_DISABLED" } };
    return { after, events: is_active ? [changed] : [changed, notification] };
  });
