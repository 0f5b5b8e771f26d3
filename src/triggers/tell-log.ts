import { feedOfTrigger } from "#src/objects/trigger-calls.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { eventsMatching } from "./matched-events.ts";
import { markTold, pendingTriggers, type TriggerRow } from "./trigger-repository.ts";

const sweepSize = 100;
/** A change is told by whoever makes it; after so long the sweep does. */
const patienceMs = 60_000;

type Telling = Pick<Platform, "db" | "objects">;

/** Tells the tenant's log which events a trigger is for. A crash in between leaves the row pending for the sweep. */
async function tellLog({ db, objects }: Telling, row: TriggerRow): Promise<void> {
  const { id, clientId, version, event, isEnabled } = row;
  const log = await objects.workflows(clientId);
  const events = isEnabled ? eventsMatching(event) : [];
  await log.feedWebhook({ webhookId: feedOfTrigger(id), version, events });
  await markTold(db, row);
}

/** The same by whoever has made the change: where it fails, it is left to the sweep, and the change stands. */
export async function tellNow(platform: Telling & Pick<Platform, "log">, row: TriggerRow): Promise<void> {
  try {
    await tellLog(platform, row);
  } catch (error) {
    platform.log.error("the log was not told of a trigger; the sweep will", {
      trigger_id: row.id,
      ...errorFields(error),
    });
  }
}

/**
 * The cron job: tells logs what a crash kept from them. One trigger's failure holds up no other.
 * @returns of how many triggers
 */
export async function sweepTriggers(platform: Telling, now: number): Promise<number> {
  const pending = await pendingTriggers(platform.db, now - patienceMs, sweepSize);
  const failures: unknown[] = [];
  for (const row of pending)
    await tellLog(platform, row).catch((error: unknown) => void failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, "Triggers remain to be told of");
  return pending.length;
}
