import { z } from "@hono/zod-openapi";
import { taskViewSchema } from "#src/engine/task-view.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { runParams } from "./paths.ts";
import { scopeOfActor } from "./run-scope.ts";

export const getTaskOfRun = operation({
  name: "getTaskOfRun",
  summary: "One task of a run",
  description: "Every attempt with its error and the delay behind it, and what the task was given and gave.",
  input: z.object({ params: runParams.extend({ task_id: z.string().min(1).max(300) }) }),
  output: taskViewSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ objects }, actor, { params: { correlation_id, task_id } }) => {
    const tenant = await objects.workflowsOfRun(actor.clientId, correlation_id);
    return valueOrThrow(await tenant.getTask(correlation_id, scopeOfActor(actor), task_id));
  },
});
