import { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { widgetParams, widgetSchema } from "./schemas.ts";
import { findWidget } from "./widget-repository.ts";

export const getWidget = operation({
  name: "getWidget",
  summary: "A widget of the tenant",
  input: z.object({ params: widgetParams }),
  output: widgetSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const row = await findWidget(db, tenantWithin(actor), params.widget_id);
    if (!row) throw new AppError("NOT_FOUND");
    return wireRow(widgetSchema, row);
  },
});
