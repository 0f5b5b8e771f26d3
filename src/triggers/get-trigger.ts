import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { triggerParams, triggerSchema } from "./schemas.ts";
import { triggerWithin } from "./trigger-within.ts";
import { triggerView } from "./views.ts";

export const getTrigger = operation({
  name: "getTrigger",
  summary: "One of a persona's triggers",
  input: z.object({ params: triggerParams }),
  output: triggerSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => triggerView(await triggerWithin(platform, actor, params)),
});
