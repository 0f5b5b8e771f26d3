import { auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Platform } from "#src/platform.ts";
import { type AgentDefinitionRow, isLivingDefinition } from "./agent-definition-repository.ts";

/** The audit row of what is done with an agent definition, while it is there. */
export const auditDefinition = (
  platform: Pick<Platform, "db" | "clock">,
  actor: Account,
  action: AuditAction,
  { id, type }: AgentDefinitionRow,
) =>
  auditAction(
    platform,
    actor,
    { action, target: { type: "agent_definition", id }, details: { type } },
    isLivingDefinition(id),
  );
