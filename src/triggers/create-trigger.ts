import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { createTriggerSchema, triggerSchema } from "./schemas.ts";
import { tellNow } from "./tell-log.ts";
import { hourOf, insertTrigger, maxOfInstance, maxOfTenant } from "./trigger-repository.ts";
import { triggerView } from "./views.ts";

export const createTrigger = operation({
  name: "createTrigger",
  summary: "Have a persona started when something happens",
  description: `It is started as you, if you may hear of what happens. A persona has at most ${maxOfInstance} triggers, a tenant ${maxOfTenant}.`,
  input: z.object({ params: instanceParams, body: createTriggerSchema }),
  output: triggerSchema,
  refusals: ["NOT_FOUND", "QUOTA_EXCEEDED"],
  run: async (platform, actor, { params: { instance_id: instanceId }, body }) => {
    const { db, clock } = platform;
    const { clientId, ownerUserId } = await visibleInstance(db, actor, instanceId);
    const now = clock.now();
    const { event, when: condition, input, max_per_hour: maxPerHour, enabled: isEnabled } = body;
    const row = {
      ...{ id: uuidv7({ msecs: now }), clientId, instanceId, ownerUserId },
      ...{ event, condition, input, maxPerHour, isEnabled, version: 1, isPending: true },
      ...{ epoch: null, seq: 0, hour: hourOf(now), firedInHour: 0 },
      ...{ failures: 0, lastFiredAt: null, lastError: null, createdAt: now, updatedAt: now },
    };
    if (!(await insertTrigger(db, row))) {
      const details = { resource: "triggers", limit: maxOfInstance, limit_of_tenant: maxOfTenant };
      throw new AppError("QUOTA_EXCEEDED", { details });
    }
    await tellNow(platform, row);
    return triggerView(row);
  },
});
