import type { Database } from "#src/db/client.ts";
import { type Account, reaches } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findWebhook, type WebhookRow } from "./webhook-repository.ts";

/**
 * A webhook that the caller's rights reach: of one's own tenant; of any for the operator's administrators.
 * @throws AppError `NOT_FOUND`, also for one that exists out of reach
 */
export async function webhookWithin(db: Database, actor: Account, id: string): Promise<WebhookRow> {
  const row = await findWebhook(db, id);
  if (!row || !reaches(actor, row.clientId)) throw new AppError("NOT_FOUND", { message: "No such webhook" });
  return row;
}
