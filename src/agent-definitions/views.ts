import type { z } from "@hono/zod-openapi";
import { topicOfAgent } from "#src/engine/topics.ts";
import { wireRow } from "#src/http/wire-row.ts";
import type { AgentDefinitionRow } from "./agent-definition-repository.ts";
import { agentDefinitionSchema } from "./schemas.ts";

/** An agent definition on the wire. */
export const agentDefinitionView = (row: AgentDefinitionRow): z.infer<typeof agentDefinitionSchema> =>
  wireRow(agentDefinitionSchema, row, { topic: topicOfAgent(row.type) });
