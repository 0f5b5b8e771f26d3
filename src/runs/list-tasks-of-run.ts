import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { runParams } from "./paths.ts";
import { scopeOfActor } from "./run-scope.ts";
import { listTasksQuery, taskListSchema, taskListView, taskQuery } from "./tasks-of-run.ts";

export const listTasksOfRun = operation({
  name: "listTasksOfRun",
  summary: "The tasks of a run",
  description: "In the order in which they were made: their attempts, times, models, tokens and fuel.",
  input: z.object({ params: runParams, query: listTasksQuery }),
  output: taskListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ objects }, actor, { params: { correlation_id }, query }) => {
    const tenant = await objects.workflowsOfRun(actor.clientId, correlation_id);
    return taskListView(
      valueOrThrow(await tenant.listTasks(correlation_id, scopeOfActor(actor), taskQuery(query))),
    );
  },
});
