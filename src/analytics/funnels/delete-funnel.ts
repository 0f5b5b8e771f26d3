import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { auditFunnel } from "./audit-funnel.ts";
import { deleteFunnel as remove } from "./funnel-repository.ts";
import { funnelWithin } from "./get-funnel.ts";
import { funnelParams } from "./schemas.ts";

export const deleteFunnel = operation({
  name: "deleteFunnel",
  summary: "Delete a funnel, with what it has counted",
  input: z.object({ params: funnelParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { db } = platform;
    const funnel = await funnelWithin(db, actor, params.funnel_id);
    await db.batch([auditFunnel(platform, actor, "funnel.deleted", funnel), ...remove(db, funnel)]);
    return {};
  },
});
