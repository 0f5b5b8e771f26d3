import type { Configuration } from "#src/configuration/index.ts";
import type { Platform } from "#src/platform.ts";
import { type MaintenanceMessage, tenantsOfMessage } from "#src/tasks/index.ts";
import { tenantsSeenSince } from "./tenant-repository.ts";

/** Tenants that are told at all, and messages that are sent at once: a batch takes 100 of them, and 256 KB. */
const max = { tenants: 100_000, messages: 50 };

/**
 * Has everybody told who may have a socket open that maintenance has begun, changed or ended: by messages of some tenants
 * each, so that it costs a request, and each invocation, the same however many there are.
 * @returns of how many tenants
 */
export async function announceMaintenance(
  { db, clock, settings, queues }: Pick<Platform, "db" | "clock" | "settings" | "queues">,
  _configuration: Configuration,
  version: number,
): Promise<number> {
  const since = clock.now() - settings.ACCESS_TOKEN_SECONDS * 1000;
  const tenants = await tenantsSeenSince(db, since, max.tenants);
  const messages: { body: MaintenanceMessage }[] = [];
  for (let from = 0; from < tenants.length; from += tenantsOfMessage)
    messages.push({
      body: { type: "maintenance", version, tenants: tenants.slice(from, from + tenantsOfMessage) },
    });
  const queue = queues.of("platform-events");
  for (let from = 0; from < messages.length; from += max.messages)
    await queue.sendBatch(messages.slice(from, from + max.messages));
  return tenants.length;
}
