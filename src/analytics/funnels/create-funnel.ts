import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { auditFunnel } from "./audit-funnel.ts";
import { hasRoom, insertFunnel } from "./funnel-repository.ts";
import { funnelSchema, newFunnelSchema } from "./schemas.ts";

export const createFunnel = operation({
  name: "createFunnel",
  summary: "Have a way counted step by step",
  description:
    "Counted within a minute, of persons who have agreed to be counted under their id; at first from the events of the last " +
    "seven days. At most 20 in a tenant.",
  input: z.object({ body: newFunnelSchema }),
  output: funnelSchema,
  refusals: ["QUOTA_EXCEEDED"],
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const { clientId, userId: createdBy } = actor;
    const now = clock.now();
    const { name, steps, window_days: windowDays } = body;
    const id = uuidv7({ msecs: now });
    const row = {
      ...{ id, clientId, name, steps, windowDays, key: id, counted: 0 },
      ...{ createdBy, createdAt: now, updatedAt: now },
    };
    const [, { meta }] = await db.batch([
      auditFunnel(platform, actor, "funnel.created", row, hasRoom(db, clientId)),
      insertFunnel(db, row),
    ]);
    if (meta.changes === 0) throw new AppError("QUOTA_EXCEEDED", { details: { resource: "funnels" } });
    return wireRow(funnelSchema, row);
  },
});
