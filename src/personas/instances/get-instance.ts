import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, instanceSchema } from "./schemas.ts";
import { viewOfInstance } from "./views.ts";
import { visibleInstance } from "./visible-instance.ts";

export const getInstance = operation({
  name: "getInstance",
  summary: "One persona instance",
  input: z.object({ params: instanceParams }),
  output: instanceSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) =>
    viewOfInstance(db, await visibleInstance(db, actor, params.instance_id)),
});
