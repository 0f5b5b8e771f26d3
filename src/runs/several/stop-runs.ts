import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { forEachRun } from "./for-each-run.ts";
import { outcomesSchema, stopRunsSchema } from "./schemas.ts";

export const stopRuns = operation({
  name: "stopRuns",
  summary: "Cancel several of one's own runs",
  input: z.object({ body: stopRunsSchema }),
  output: outcomesSchema,
  run: ({ objects }, { clientId, userId }, { body: { ids, reason } }) =>
    forEachRun(ids, async (id) => {
      const tenant = await objects.workflowsOfRun(clientId, id);
      valueOrThrow(await tenant.cancelRun(id, { userId }, reason, userId));
      return null;
    }),
});
