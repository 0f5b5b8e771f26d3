import { z } from "@hono/zod-openapi";
import { clientIdSchema } from "#src/identity/index.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { runParams } from "../paths.ts";
import { listTasksQuery, taskListSchema, taskListView, taskQuery } from "../tasks-of-run.ts";
import { tenantOfRun } from "./tenant-of-run.ts";

export const listTasksOfRunOfPlatform = operation({
  name: "listTasksOfRunOfPlatform",
  summary: "The tasks of a run of any tenant",
  input: z.object({
    params: runParams,
    query: listTasksQuery.extend({
      client_id: clientIdSchema.optional().openapi({
        description:
          "Whose it is; needed for child runs, and for runs that the list has no more (`RUN_LIST_DAYS`)",
      }),
    }),
  }),
  output: taskListSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { correlation_id }, query: { client_id, ...query } }) => {
    const { tenant } = await tenantOfRun(platform, actor, correlation_id, client_id);
    return taskListView(valueOrThrow(await tenant.listTasks(correlation_id, "tenant", taskQuery(query))));
  },
});
