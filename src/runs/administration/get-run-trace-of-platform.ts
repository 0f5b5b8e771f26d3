import { z } from "@hono/zod-openapi";
import { runTraceSchema } from "#src/engine/run-trace.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { runParams } from "../paths.ts";
import { traceOfRun } from "../trace-of-run.ts";
import { tenantOfRun } from "./tenant-of-run.ts";

export const getRunTraceOfPlatform = operation({
  name: "getRunTraceOfPlatform",
  summary: "A run of any tenant as a waterfall",
  input: z.object({
    params: runParams,
    query: z.strictObject({
      client_id: clientIdSchema.optional().openapi({
        description:
          "Whose it is; needed for child runs, and for runs that the list has no more (`RUN_LIST_DAYS`)",
      }),
    }),
  }),
  output: runTraceSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { correlation_id }, query: { client_id } }) => {
    const { tenant } = await tenantOfRun(platform, actor, correlation_id, client_id);
    return traceOfRun(tenant, correlation_id, "tenant");
  },
});
