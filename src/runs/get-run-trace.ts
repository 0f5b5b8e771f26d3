import { z } from "@hono/zod-openapi";
import { runTraceSchema } from "#src/engine/run-trace.ts";
import { operation } from "#src/operation/operation.ts";
import { runParams } from "./paths.ts";
import { scopeOfActor } from "./run-scope.ts";
import { traceOfRun } from "./trace-of-run.ts";

export const getRunTrace = operation({
  name: "getRunTrace",
  summary: "A run as a waterfall",
  description: "Its steps and the attempts of its tasks as spans, with what each has waited for.",
  input: z.object({ params: runParams }),
  output: runTraceSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ objects }, actor, { params: { correlation_id } }) =>
    traceOfRun(
      await objects.workflowsOfRun(actor.clientId, correlation_id),
      correlation_id,
      scopeOfActor(actor),
    ),
});
