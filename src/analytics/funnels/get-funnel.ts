import { z } from "@hono/zod-openapi";
import type { Database } from "#src/db/client.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { type Account, tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { type FunnelRow, findFunnel } from "./funnel-repository.ts";
import { funnelParams, funnelSchema } from "./schemas.ts";

/**
 * A funnel that the caller's rights reach.
 * @throws AppError `NOT_FOUND`
 */
export async function funnelWithin(db: Database, actor: Account, id: string): Promise<FunnelRow> {
  const row = await findFunnel(db, tenantWithin(actor), id);
  if (!row) throw new AppError("NOT_FOUND");
  return row;
}

export const getFunnel = operation({
  name: "getFunnel",
  summary: "A way that is counted step by step",
  input: z.object({ params: funnelParams }),
  output: funnelSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) =>
    wireRow(funnelSchema, await funnelWithin(db, actor, params.funnel_id)),
});
