import { z } from "@hono/zod-openapi";
import { runViewSchema } from "#src/engine/run-view.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { runParams } from "./paths.ts";
import { scopeOfActor } from "./run-scope.ts";

export const getRun = operation({
  name: "getRun",
  summary: "A run with its steps, data, fuel and result",
  input: z.object({ params: runParams }),
  output: runViewSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ objects }, actor, { params: { correlation_id } }) => {
    const tenant = await objects.workflowsOfRun(actor.clientId, correlation_id);
    return valueOrThrow(await tenant.getRun(correlation_id, scopeOfActor(actor)));
  },
});
