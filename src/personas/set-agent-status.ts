import type { Principal } from "../identity/principal.ts";
import { changeInstance } from "./change-instance.ts";
import type { PersonaContext } from "./create-template.ts";
import type { InstanceRow } from "./instance-repository.ts";
import { instancesOfPlatform } from "./instance-scope.ts";

/**
 * Switches an instance of any tenant on or off. Its owner and administrators hear
 * of it by `instance.status.changed`, the tenant of one switched off by
 * `system.notification` (without its name and the reason, which are the owner's).
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS`
 */
export const setAgentStatus = (
  context: PersonaContext,
  principal: Principal,
  id: string,
  { is_active, reason }: { is_active: boolean; reason?: string },
): Promise<InstanceRow> =>
  changeInstance(context, principal, instancesOfPlatform(principal), id, (before) => {
    const after = { ...before, isActive: is_active };
    if (before.isActive === is_active) return { after, events: [] };
    const changed = { name: "instance.status.changed", data: { is_active, reason: reason ?? null } };
    const notification = {
      name: "system.notification",
      data: { code: "AGENT_DISABLED" },
      everybody: true,
    };
    return { after, events: is_active ? [changed] : [changed, notification] };
  });
