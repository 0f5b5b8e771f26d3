import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { triggerParams } from "./schemas.ts";
import { removeTrigger } from "./trigger-repository.ts";
import { triggerWithin } from "./trigger-within.ts";

export const deleteTrigger = operation({
  name: "deleteTrigger",
  summary: "Take a trigger away; what it has started goes on",
  input: z.object({ params: triggerParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    // The log finds out with the next event that nobody wants it.
    const { id } = await triggerWithin(platform, actor, params);
    await removeTrigger(platform.db, id);
    return {};
  },
});
