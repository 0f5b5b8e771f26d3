import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { auditFunnel } from "./audit-funnel.ts";
import { updateFunnel as update } from "./funnel-repository.ts";
import { funnelWithin } from "./get-funnel.ts";
import { changedFunnelSchema, funnelParams, funnelSchema } from "./schemas.ts";

export const updateFunnel = operation({
  name: "updateFunnel",
  summary: "Change a funnel; with other steps, or another window, it is counted anew",
  input: z.object({ params: funnelParams, body: changedFunnelSchema }),
  output: funnelSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, body }) => {
    const { db, clock } = platform;
    const funnel = await funnelWithin(db, actor, params.funnel_id);
    const isSame =
      JSON.stringify([funnel.steps, funnel.windowDays]) === JSON.stringify([body.steps, body.window_days]);
    const now = clock.now();
    const anew = isSame ? undefined : uuidv7({ msecs: now });
    const [, [row]] = await db.batch([
      auditFunnel(platform, actor, "funnel.updated", funnel),
      ...update(db, funnel, body, now, anew),
    ]);
    if (!row) throw new AppError("NOT_FOUND");
    return wireRow(funnelSchema, row);
  },
});
