import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageOfAll } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { listDefinitions } from "./agent-definition-repository.ts";
import { agentDefinitionListSchema } from "./schemas.ts";
import { agentDefinitionView } from "./views.ts";

export const listAgentDefinitions = operation({
  name: "listAgentDefinitions",
  summary: "Agent types, by name",
  input: z.object({ query: cursorQuery() }),
  output: agentDefinitionListSchema,
  run: async ({ db }, actor, { query }) => {
    const { rows, nextCursor } = pageOfAll(await listDefinitions(db, actor), query);
    return { definitions: rows.map(agentDefinitionView), count: rows.length, next_cursor: nextCursor };
  },
});
