import { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import { operation } from "#src/operation/operation.ts";
import { updateDefinitionRow } from "./agent-definition-repository.ts";
import { auditDefinition } from "./audit-definition.ts";
import { changeableDefinition, noSuchDefinition } from "./readable-definition.ts";
import { agentDefinitionParams, agentDefinitionSchema, updateAgentDefinitionSchema } from "./schemas.ts";
import { agentDefinitionView } from "./views.ts";

/** `default_config` is replaced as a whole. Runs that have started keep what they started with. */
export const updateAgentDefinition = operation({
  name: "updateAgentDefinition",
  summary: "Change an agent type; fields left out stay",
  input: z.object({ params: agentDefinitionParams, body: updateAgentDefinitionSchema }),
  output: agentDefinitionSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, body }) => {
    const { db, clock } = platform;
    const before = await changeableDefinition(db, actor, params.agent_definition);
    const changes = { ...columnsOf(body), updatedAt: clock.now() };
    const [, { meta }] = await db.batch([
      auditDefinition(platform, actor, "agent_definition.updated", before),
      updateDefinitionRow(db, before.id, changes),
    ]);
    if (meta.changes === 0) throw noSuchDefinition();
    return agentDefinitionView({ ...before, ...changes });
  },
});
