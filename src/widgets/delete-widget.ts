import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { widgetParams } from "./schemas.ts";
import { deleteWidgetRow } from "./widget-repository.ts";

export const deleteWidget = operation({
  name: "deleteWidget",
  summary: "Delete a widget; what was said on its pages stays with the staff",
  input: z.object({ params: widgetParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const [row] = await deleteWidgetRow(platform.db, tenantWithin(actor), params.widget_id);
    if (!row) throw new AppError("NOT_FOUND");
    const { id, clientId } = row;
    await auditAction(platform, actor, {
      action: "widget.deleted",
      target: { type: "widget", id },
      clientId,
    });
    return {};
  },
});
