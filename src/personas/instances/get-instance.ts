import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findInstance } from "./instance-repository.ts";
import { instanceParams, instanceSchema } from "./schemas.ts";
import { viewOfInstance } from "./views.ts";

export const getInstance = operation({
  name: "getInstance",
  summary: "One persona instance",
  input: z.object({ params: instanceParams }),
  output: instanceSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const instance = await findInstance(db, actor, params.instance_id);
    if (!instance) throw new AppError("NOT_FOUND");
    return viewOfInstance(db, instance);
  },
});
