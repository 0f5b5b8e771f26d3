import { configurationFrom, storedKeys } from "#src/configuration/index.ts";
import { outboxForTenants } from "#src/events/index.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { type MaintenanceMessage, maintenanceMessageSchema, retryDelay } from "#src/tasks/index.ts";

interface Announcing extends Pick<Platform, "db" | "clock" | "log"> {
  /** Hands a tenant's waiting events to its log; what fails is left to the sweep. */
  announce(clientId: string): Promise<unknown>;
}

/** Tenants that are told at a time: an invocation has six connections. */
const atOnce = 6;

/** Whether a message of `platform-events` is about maintenance, and no copy for the read models. */
export const isAboutMaintenance = ({ body }: Pick<Message, "body">): boolean =>
  maintenanceMessageSchema.safeParse(body).success;

/** Tells tenants of maintenance; what cannot be told now is delivered again. */
export async function consumeMaintenance(messages: readonly Message[], platform: Announcing): Promise<void> {
  for (const message of messages) {
    try {
      await tell(maintenanceMessageSchema.parse(message.body), platform);
      message.ack();
    } catch (error) {
      platform.log.error("maintenance not told; the message is delivered again", errorFields(error));
      message.retry({ delaySeconds: retryDelay(message.attempts) });
    }
  }
}

/** Told twice is the same as once: the event's id is that of the change and the tenant. */
async function tell(
  { version, tenants }: MaintenanceMessage,
  { db, clock, announce }: Announcing,
): Promise<void> {
  const rows = await storedKeys(db);
  // Of a change that another one has followed, which has a message of its own.
  if (rows.find(({ key }) => key === "maintenance")?.version !== version) return;
  const { maintenance } = configurationFrom(rows).configuration;
  const event = { event: "system.maintenance", data: { ...maintenance, version } } as const;
  await outboxForTenants(db, event, { id: `maintenance-${version}`, tenants, now: clock.now() });
  await mapConcurrent(tenants, atOnce, announce);
}
