import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { updateDefinitionRow } from "./agent-definition-repository.ts";
import { auditDefinition } from "./audit-definition.ts";
import { changeableDefinition } from "./readable-definition.ts";
import { agentDefinitionParams } from "./schemas.ts";

/** Deletes softly: its topic leads nowhere any more, and its name is free again. */
export const deleteAgentDefinition = operation({
  name: "deleteAgentDefinition",
  summary: "Delete an agent type; plans that need it are refused from then on",
  input: z.object({ params: agentDefinitionParams }),
  output: z.void(),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { db, clock } = platform;
    const row = await changeableDefinition(db, actor, params.agent_definition);
    const now = clock.now();
    await db.batch([
      auditDefinition(platform, actor, "agent_definition.deleted", row),
      updateDefinitionRow(db, row.id, { deletedAt: now, isActive: false, updatedAt: now }),
    ]);
  },
});
