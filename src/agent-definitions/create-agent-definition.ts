import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { ownerOf } from "#src/tenants/index.ts";
import { type AgentDefinitionRow, insertDefinition } from "./agent-definition-repository.ts";
import { auditDefinition } from "./audit-definition.ts";
import { agentDefinitionSchema, createAgentDefinitionSchema } from "./schemas.ts";
import { agentDefinitionView } from "./views.ts";

export const createAgentDefinition = operation({
  name: "createAgentDefinition",
  summary: "Make an agent type; its topic can be used at once",
  input: z.object({ body: createAgentDefinitionSchema }),
  output: agentDefinitionSchema,
  refusals: ["CONFLICT"],
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const now = clock.now();
    const row: AgentDefinitionRow = {
      id: uuidv7({ msecs: now }),
      clientId: ownerOf(actor),
      ...columnsOf(body),
      isActive: true,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    };
    const [{ meta }] = await db.batch([
      insertDefinition(db, row),
      auditDefinition(platform, actor, "agent_definition.created", row),
    ]);
    if (meta.changes === 0) throw new AppError("CONFLICT", { message: "There is an agent of this type" });
    return agentDefinitionView(row);
  },
});
