import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeInstance, type InstanceEvent } from "#src/personas/index.ts";
import { agentParams, agentStatusSchema } from "./agent-schemas.ts";

/**
 * The owner and administrators hear of it by `instance.status.changed`, the tenant of one switched off by
 * `system.notification` (without its name and the reason, which are the owner's).
 */
export const setAgentStatus = operation({
  name: "setAgentStatus",
  summary: "Switch a persona instance on or off; one that is off refuses executions",
  input: z.object({ params: agentParams, body: agentStatusSchema }),
  output: z
    .object({ message: z.string(), agent_id: z.uuid(), is_active: z.boolean() })
    .openapi("AgentStatusChanged"),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { agent_id }, body: { is_active, reason = null } }) => {
    const { isActive } = await changeInstance(platform, actor, agent_id, (before) => {
      const after = { ...before, isActive: is_active };
      if (before.isActive === is_active) return { after, events: [] };
      const changed: InstanceEvent = {
        event: "instance.status.changed",
        data: {
          instance_id: agent_id,
          previous_status: statusOf(before.isActive),
          new_status: statusOf(is_active),
          triggered_by: actor.userId,
          is_active,
          reason,
        },
      };
      const notification: InstanceEvent = { event: "system.notification", data: { code: "AGENT_DISABLED" } };
      return { after, events: is_active ? [changed] : [changed, notification] };
    });
    return { message: `Agent ${isActive ? "enabled" : "disabled"}`, agent_id, is_active: isActive };
  },
});

const statusOf = (isActive: boolean): "active" | "inactive" => (isActive ? "active" : "inactive");
