import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { readableDefinition } from "./readable-definition.ts";
import { agentDefinitionParams, agentDefinitionSchema } from "./schemas.ts";
import { agentDefinitionView } from "./views.ts";

export const getAgentDefinition = operation({
  name: "getAgentDefinition",
  summary: "One agent type",
  input: z.object({ params: agentDefinitionParams }),
  output: agentDefinitionSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) =>
    agentDefinitionView(await readableDefinition(db, actor, params.agent_definition)),
});
