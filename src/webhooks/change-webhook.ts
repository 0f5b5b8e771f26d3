import { type Action, auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { tellNow } from "./tell-objects.ts";
import { isUnchanged, updateWebhookRow, type WebhookRow } from "./webhook-repository.ts";
import { webhookWithin } from "./webhook-within.ts";

const maxAttempts = 5;

/**
 * Changes a webhook, and tells its objects.
 * @param changeOf what is to become of it, as it is
 * @throws AppError `NOT_FOUND`; `CONFLICT` while others change it
 */
export async function changeWebhook(
  platform: Pick<Platform, "db" | "clock" | "objects" | "log">,
  actor: Account,
  id: string,
  { action, details }: Pick<Action, "action" | "details">,
  changeOf: (before: WebhookRow, now: number) => Partial<WebhookRow>,
): Promise<WebhookRow> {
  const { db, clock } = platform;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const before = await webhookWithin(db, actor, id);
    const now = clock.now();
    const after: WebhookRow = {
      ...before,
      ...changeOf(before, now),
      version: before.version + 1,
      isPending: true,
      updatedAt: now,
    };
    const { clientId } = before;
    const told: Action = { action, target: { type: "webhook", id }, clientId, details };
    const [, { meta }] = await db.batch([
      auditAction(platform, actor, told, isUnchanged(before)),
      updateWebhookRow(db, before, after),
    ]);
    if (meta.changes === 0) continue;
    await tellNow(platform, after);
    return after;
  }
  throw new AppError("CONFLICT", { message: "The webhook is being changed by others; try again" });
}
