import { z } from "@hono/zod-openapi";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import type { Platform } from "#src/platform.ts";
import { startExecution } from "../execution/start-execution.ts";
import { forEachRun } from "./for-each-run.ts";
import { outcomesSchema, rerunSchema } from "./schemas.ts";

/** Each begins once for the call's key, also where the call before broke off among them. */
export const rerun = operation({
  name: "rerun",
  summary: "Execute several of one's own runs again, with the input that each had",
  description: "By the persona as it is now. Each counts as one execution against the caller's limits.",
  input: z.object({ body: rerunSchema }),
  output: outcomesSchema,
  runOnce: async (platform, actor, { body: { ids } }, { idempotencyKey }) => {
    let begun = 0;
    const output = await forEachRun(ids, async (id) => {
      const key = idempotencyKey && `${idempotencyKey}/${id}`;
      const { correlationId, created } = await executeAgain(platform, actor, id, key);
      if (created) begun += 1;
      return correlationId;
    });
    return { output, replayed: begun === 0 && output.done > 0 };
  },
});

async function executeAgain(platform: Platform, actor: Account, id: string, idempotencyKey?: string) {
  const { objects, limits } = platform;
  const { clientId, userId } = actor;
  const before = valueOrThrow(await (await objects.workflowsOfRun(clientId, id)).getRun(id, { userId }));
  const { instance_id: instanceId, input } = before;
  if (instanceId === null || input === null)
    throw new AppError("CONFLICT", { message: "What the run was given is not known any more" });
  await limits?.take(actor, "execute");
  const workflows = await objects.workflowsOfInstance(clientId, instanceId);
  return startExecution(platform, workflows, actor, { instanceId, body: { input }, idempotencyKey });
}
