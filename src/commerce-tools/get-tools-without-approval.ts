import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { freedToolsSchema } from "./schemas.ts";
import { freedToolsView } from "./views.ts";
import { findFreedTools } from "./without-approval-repository.ts";

export const getToolsWithoutApproval = operation({
  name: "getToolsWithoutApproval",
  summary: "What a persona may change in the shop without a person's yes, and how much of it",
  input: z.object({ params: instanceParams }),
  output: freedToolsSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, commerce }, actor, { params }) => {
    const { id, clientId } = await visibleInstance(db, actor, params.instance_id);
    return freedToolsView(await findFreedTools(commerce.db, clientId, id));
  },
});
