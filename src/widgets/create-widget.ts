import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { newWidgetSchema, widgetSchema, widgetWithSecretSchema } from "./schemas.ts";
import { insertWidget, isInstanceOf, maxWidgets, type WidgetRow } from "./widget-repository.ts";
import { newWidgetKey, newWidgetSecret } from "./widget-secrets.ts";

export const createWidget = operation({
  name: "createWidget",
  summary: "Show a persona on pages of one's own",
  description:
    "It lets visitors in once the persona is published for them (`audience: public`). Its secret is shown this once. " +
    `At most ${maxWidgets} in a tenant.`,
  input: z.object({ body: newWidgetSchema }),
  output: widgetWithSecretSchema,
  refusals: ["NOT_FOUND", "QUOTA_EXCEEDED"],
  run: async (platform, actor, { body }) => {
    const { db, clock } = platform;
    const { clientId, userId: createdBy } = actor;
    if (!(await isInstanceOf(db, clientId, body.instance_id)))
      throw new AppError("NOT_FOUND", { message: "No such persona instance" });
    const now = clock.now();
    const secret = newWidgetSecret();
    const row: WidgetRow = {
      id: uuidv7({ msecs: now }),
      key: newWidgetKey(),
      clientId,
      ...columnsOf(body),
      secret,
      createdBy,
      createdAt: now,
      updatedAt: now,
    };
    if (!(await insertWidget(db, row)))
      throw new AppError("QUOTA_EXCEEDED", { details: { resource: "widgets", limit: maxWidgets } });
    const { id, origins, instanceId } = row;
    const details = { origins, instance_id: instanceId };
    await auditAction(platform, actor, {
      action: "widget.created",
      target: { type: "widget", id },
      clientId,
      details,
    });
    return { ...wireRow(widgetSchema, row), secret };
  },
});
