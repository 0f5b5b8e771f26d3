import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changedWidgetSchema, widgetParams, widgetSchema } from "./schemas.ts";
import { updateWidgetRow } from "./widget-repository.ts";

export const updateWidget = operation({
  name: "updateWidget",
  summary: "Change a widget; fields left out stay as they are",
  description: "A widget that is switched off lets its visitors do nothing any more, at once.",
  input: z.object({ params: widgetParams, body: changedWidgetSchema }),
  output: widgetSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params, body }) => {
    const { db, clock } = platform;
    const [row] = await updateWidgetRow(db, tenantWithin(actor), params.widget_id, body, clock.now());
    if (!row) throw new AppError("NOT_FOUND");
    const target = { type: "widget", id: row.id };
    const { clientId } = row;
    const details = { changed: Object.keys(body) };
    await auditAction(platform, actor, { action: "widget.updated", target, clientId, details });
    return wireRow(widgetSchema, row);
  },
});
