import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { triggerParams, triggerSchema, type UpdateTrigger, updateTriggerSchema } from "./schemas.ts";
import { tellNow } from "./tell-log.ts";
import { changeTrigger } from "./trigger-repository.ts";
import { triggerWithin } from "./trigger-within.ts";
import { triggerView } from "./views.ts";

const columnsOf = ({ event, when, input, max_per_hour, enabled }: UpdateTrigger) => ({
  ...(event !== undefined && { event }),
  ...(when !== undefined && { condition: when }),
  ...(input && { input }),
  ...(max_per_hour !== undefined && { maxPerHour: max_per_hour }),
  ...(enabled !== undefined && { isEnabled: enabled }),
});

export const updateTrigger = operation({
  name: "updateTrigger",
  summary: "Change a trigger; fields left out stay as they are",
  description: "`enabled: true` switches one on again that has failed too often.",
  input: z.object({ params: triggerParams, body: updateTriggerSchema }),
  output: triggerSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, body }) => {
    const { db, clock } = platform;
    const { id } = await triggerWithin(platform, actor, params);
    const [row] = await changeTrigger(db, id, columnsOf(body), clock.now());
    if (!row) throw new AppError("NOT_FOUND");
    await tellNow(platform, row);
    return triggerView(row);
  },
});
