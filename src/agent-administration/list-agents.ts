import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageRequest } from "#src/http/page.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { instancesOfTenant, pageInstances } from "#src/personas/index.ts";
import { agentListSchema } from "./agent-schemas.ts";
import { describeAgents } from "./describe-agents.ts";

export const listAgents = operation({
  name: "listAgents",
  summary: "Persona instances of all tenants with usage and health, newest first",
  input: z.object({
    query: cursorQuery().extend({
      client_id: clientIdSchema.optional(),
      agent_type: z.string().max(100).optional().openapi({ description: "Category of the template" }),
      is_active: z
        .enum(["true", "false"])
        .transform((value) => value === "true")
        .optional(),
    }),
  }),
  output: agentListSchema,
  run: async (platform, actor, { query }) => {
    const { client_id, agent_type: category, is_active: isActive } = query;
    const scope = client_id === undefined ? actor : instancesOfTenant(actor, client_id);
    const found = await pageInstances(platform.db, scope, { category, isActive }, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    const described = await describeAgents(platform, rows);
    return { instances: described.map(({ agent }) => agent), ...page };
  },
});
