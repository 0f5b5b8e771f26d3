import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { requirePublicUrl } from "./require-public-url.ts";
import { createWebhookSchema, webhookWithSecretSchema } from "./schemas.ts";
import { tellNow } from "./tell-objects.ts";
import { webhookView } from "./views.ts";
import {
  findTenantWithRoom,
  hasRoom,
  insertWebhook,
  maxWebhooks,
  type WebhookRow,
} from "./webhook-repository.ts";

export const createWebhook = operation({
  name: "createWebhook",
  summary: "Have events posted to a URL",
  description: `Messages are signed by Standard Webhooks with the secret that is shown this once. A tenant has ${maxWebhooks} at most.`,
  input: z.object({ body: createWebhookSchema }),
  output: webhookWithSecretSchema,
  refusals: ["NOT_FOUND", "QUOTA_EXCEEDED", "UPSTREAM_UNAVAILABLE"],
  run: async (platform, actor, { body }) => {
    const { db, clock, objects } = platform;
    const { client_id: clientId = actor.clientId, ...fields } = body;
    const tenant = reaches(actor, clientId) ? await findTenantWithRoom(db, clientId) : undefined;
    if (!tenant) throw new AppError("NOT_FOUND", { message: "No such client" });
    await requirePublicUrl(platform, body.url);
    // Before there is an object for it, of which something remains.
    if (!tenant.hasRoom) throw tooMany();
    const now = clock.now();
    const row: WebhookRow = {
      id: uuidv7({ msecs: now }),
      clientId,
      ...columnsOf(fields),
      isActive: true,
      disabledReason: null,
      disabledAt: null,
      version: 1,
      isPending: true,
      deletedAt: null,
      createdBy: actor.userId,
      createdAt: now,
      updatedAt: now,
    };
    const endpoint = await objects.webhook(clientId, row.id);
    // First its secret: what nobody knows of is no webhook yet.
    const { secret } = valueOrThrow(await endpoint.begin());
    const action = { action: "webhook.created", target: { type: "webhook", id: row.id }, clientId } as const;
    const [, { meta }] = await db.batch([
      auditAction(
        platform,
        actor,
        { ...action, details: { url: row.url, events: row.events } },
        hasRoom(clientId),
      ),
      insertWebhook(db, row),
    ]);
    if (meta.changes === 0) {
      await endpoint.remove();
      throw tooMany();
    }
    await tellNow(platform, row);
    return { ...webhookView(row), secret };
  },
});

const tooMany = () =>
  new AppError("QUOTA_EXCEEDED", {
    message: `A client has at most ${maxWebhooks} webhooks`,
    details: { resource: "webhooks", limit: maxWebhooks },
  });
