import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { TenantObjects } from "#src/objects/objects.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { stoppedSchema, stopSchema } from "./schemas.ts";

export const stopInstance = operation({
  name: "stopInstance",
  summary: "Cancel what the instance executes, or the one run that `correlation_id` names",
  input: z.object({ params: instanceParams, body: stopSchema }),
  output: stoppedSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params, body }) => {
    const { instance_id } = params;
    const { correlation_id, reason = "Stopped by user" } = body;
    const { db, objects } = platform;
    const instance = await visibleInstance(db, actor, instance_id);
    if (instance.ownerUserId !== actor.userId) {
      await auditAction(platform, actor, {
        action: "instance.stopped",
        target: { type: "instance", id: instance_id },
        details: { correlation_id, reason },
      });
    }
    const stopped =
      correlation_id === undefined
        ? await cancelAll(objects, actor, instance_id, reason)
        : await cancelOne(objects, actor, instance_id, correlation_id, reason);
    return { instance_id, stopped, count: stopped.length };
  },
});

// The instance is the caller's to steer, and so is what it executes, whoever started it.

async function cancelAll(
  objects: TenantObjects,
  { clientId, userId }: Account,
  instanceId: string,
  reason: string,
): Promise<string[]> {
  const stopped = await Promise.all(
    (await objects.allWorkflows(clientId)).map((tenant) =>
      tenant.cancelRunsOfInstance(instanceId, "tenant", reason, userId),
    ),
  );
  return stopped.flat();
}

async function cancelOne(
  objects: TenantObjects,
  { clientId, userId }: Account,
  instanceId: string,
  correlationId: string,
  reason: string,
): Promise<string[]> {
  const tenant = await objects.workflowsOfRun(clientId, correlationId);
  const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  if (run.instance_id !== instanceId) throw new AppError("NOT_FOUND", { message: "No such run" });
  valueOrThrow(await tenant.cancelRun(correlationId, "tenant", reason, userId));
  return [correlationId];
}
