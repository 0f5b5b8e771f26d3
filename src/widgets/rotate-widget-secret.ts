import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { widgetParams, widgetSecretSchema } from "./schemas.ts";
import { updateWidgetRow } from "./widget-repository.ts";
import { newWidgetSecret } from "./widget-secrets.ts";

export const rotateWidgetSecret = operation({
  name: "rotateWidgetSecret",
  summary: "Give a widget another secret",
  description: "Identities that were signed with the one before open nothing from now on.",
  input: z.object({ params: widgetParams }),
  output: widgetSecretSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const { db, clock } = platform;
    const secret = newWidgetSecret();
    const [row] = await updateWidgetRow(db, tenantWithin(actor), params.widget_id, { secret }, clock.now());
    if (!row) throw new AppError("NOT_FOUND");
    const { id, clientId } = row;
    const target = { type: "widget", id };
    await auditAction(platform, actor, { action: "widget.secret_rotated", target, clientId });
    return { secret };
  },
});
