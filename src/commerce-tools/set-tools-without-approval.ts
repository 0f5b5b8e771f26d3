import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { freedToolsSchema } from "./schemas.ts";
import { freedToolRow, freedToolsView } from "./views.ts";
import { findFreedTools, replaceFreedTools } from "./without-approval-repository.ts";

export const setToolsWithoutApproval = operation({
  name: "setToolsWithoutApproval",
  summary: "Say what a persona may change in the shop without a person's yes, and how much of it",
  description:
    "Takes the place of what was said before, at once, for what is under way as well. No tools: all is asked about.",
  input: z.object({ params: instanceParams, body: freedToolsSchema }),
  output: freedToolsSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, body }) => {
    const { db, commerce, clock } = platform;
    const { id: instanceId, clientId } = await visibleInstance(db, actor, params.instance_id);
    // First: nothing is freed without one.
    await auditAction(platform, actor, {
      action: "instance.tools.freed",
      target: { type: "instance", id: instanceId },
      details: { ...body },
    });
    const rows = body.tools.map((tool) => freedToolRow(tool, { clientId, instanceId }, clock.now()));
    await replaceFreedTools(commerce.db, clientId, instanceId, rows);
    return freedToolsView(await findFreedTools(commerce.db, clientId, instanceId));
  },
});
