import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { markTold, pendingWebhooks, removeWebhookRow, type WebhookRow } from "./webhook-repository.ts";

const sweepSize = 100;
/** A change is told by whoever makes it; after so long the sweep does. */
const patienceMs = 60_000;

type Telling = Pick<Platform, "db" | "objects">;

/**
 * Tells the objects what a webhook has become: its endpoint, which delivers, and the tenant's log, which feeds it. A crash
 * in between leaves the row pending for the sweep.
 */
async function tellObjects({ db, objects }: Telling, row: WebhookRow): Promise<void> {
  const { id, clientId, version, url, events, isActive, ordered, rateLimit, deletedAt } = row;
  const { includeContent } = row;
  const endpoint = await objects.webhook(clientId, id);
  const tenant = await objects.workflows(clientId);
  const isOn = isActive && deletedAt === null;
  if (deletedAt === null)
    await endpoint.configure({ version, url, isActive, ordered, rateLimit, includeContent });
  await tenant.feedWebhook({ webhookId: id, version, events: isOn ? events : [] });
  if (deletedAt === null) await markTold(db, row);
  else {
    await endpoint.remove();
    await removeWebhookRow(db, row);
  }
}

/** The same by whoever has made the change: where it fails, it is left to the sweep, and the change stands. */
export async function tellNow(platform: Telling & Pick<Platform, "log">, row: WebhookRow): Promise<void> {
  try {
    await tellObjects(platform, row);
  } catch (error) {
    platform.log.error("objects not told of a webhook; the sweep will", {
      webhook_id: row.id,
      ...errorFields(error),
    });
  }
}

/**
 * The cron job: tells the objects what a crash kept from them. One webhook's failure holds up no other.
 * @returns of how many webhooks
 */
export async function sweepWebhooks(platform: Telling, now: number): Promise<number> {
  const pending = await pendingWebhooks(platform.db, now - patienceMs, sweepSize);
  const failures: unknown[] = [];
  for (const row of pending)
    await tellObjects(platform, row).catch((error: unknown) => void failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "Webhooks remain to be told of");
  return pending.length;
}
