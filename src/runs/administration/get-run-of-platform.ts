import { z } from "@hono/zod-openapi";
import { clientIdSchema } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import { runParams } from "../paths.ts";
import { findRun } from "./find-run.ts";
import { administeredRunDetailSchema } from "./schemas.ts";

export const getRunOfPlatform = operation({
  name: "getRunOfPlatform",
  summary: "A run of any tenant with its steps, data, fuel and result",
  input: z.object({
    params: runParams,
    query: z.strictObject({
      client_id: clientIdSchema.optional().openapi({
        description:
          "Whose it is; needed for child runs, and for runs that the list has no more (`RUN_LIST_DAYS`)",
      }),
    }),
  }),
  output: administeredRunDetailSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, query }) =>
    (await findRun(platform, actor, params.correlation_id, query.client_id)).run,
});
