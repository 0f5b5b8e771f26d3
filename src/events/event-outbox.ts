import type { Database } from "#src/db/client.ts";
import { eventProblem } from "#src/kernel/event-catalogue.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { EventLog } from "./event-log.ts";
import { removeEvents, tenantsWithEvents, waitingEvents } from "./event-outbox-repository.ts";

export interface EventDelivery {
  db: Database;
  /** The object that holds a tenant's event log. */
  logOf(clientId: string): Promise<Pick<EventLog, "appendEvents">>;
  logger: Logger;
}

/** Events read at once; a D1 statement takes at most 100 parameters. */
const page = 50;
const tenantsAtOnce = 500;

/**
 * Hands a tenant's waiting events to its event log, oldest first. Two deliveries
 * at once are harmless: the log takes each id once, and both keep the order.
 * A failure is logged and left to the next delivery or the sweep.
 * @returns how many were handed over
 */
export async function deliverEvents({ db, logOf, logger }: EventDelivery, clientId: string): Promise<number> {
  let delivered = 0;
  try {
    const log = await logOf(clientId);
    for (;;) {
      const rows = await waitingEvents(db, clientId, page);
      if (rows.length === 0) break;
      for (const { id, event, data } of rows) {
        const problem = eventProblem(event, data);
        // Of another release, or a fault of ours: it is told as it was written.
        if (problem) logger.warn("event unlike the catalogue", { client_id: clientId, id, event, problem });
      }
      await log.appendEvents(
        rows.map(({ id, event, entityId, ownerUserId, data }) => ({
          id,
          event,
          entityId,
          ownerUserId,
          data,
        })),
      );
      await removeEvents(
        db,
        rows.map(({ seq }) => seq),
      );
      delivered += rows.length;
      if (rows.length < page) break;
    }
  } catch (error) {
    logger.error("events not delivered; the sweep will repeat it", {
      client_id: clientId,
      ...errorFields(error),
    });
  }
  return delivered;
}

/**
 * The cron job: delivers what a crash after a change left behind. One tenant's failure holds up no other.
 * @returns how many events
 */
export async function sweepEvents(delivery: EventDelivery): Promise<number> {
  let delivered = 0;
  for (const clientId of await tenantsWithEvents(delivery.db, tenantsAtOnce))
    delivered += await deliverEvents(delivery, clientId);
  return delivered;
}
