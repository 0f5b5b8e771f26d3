import { z } from "@hono/zod-openapi";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findBan } from "./ban-repository.ts";
import { banView } from "./ban-view.ts";
import { banParams, banSchema } from "./schemas.ts";

export const getBan = operation({
  name: "getBan",
  summary: "Somebody's ban from the tenant's conversations",
  input: z.object({ params: banParams }),
  output: banSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const row = await findBan(db, tenantWithin(actor), params.ban_id);
    if (!row) throw new AppError("NOT_FOUND");
    return banView(row);
  },
});
