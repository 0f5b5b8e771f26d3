import type { z } from "@hono/zod-openapi";
import { topicOfAgent } from "#src/engine/topics.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { AgentDefinitionRow } from "./agent-definition-repository.ts";
import type { agentDefinitionSchema } from "./schemas.ts";

/** An agent definition on the wire. */
export const agentDefinitionView = (row: AgentDefinitionRow): z.infer<typeof agentDefinitionSchema> => ({
  id: row.id,
  client_id: row.clientId,
  type: row.type,
  topic: topicOfAgent(row.type),
  display_name: row.displayName,
  description: row.description,
  category: row.category,
  default_config: row.defaultConfig,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});
