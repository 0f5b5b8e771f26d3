import { env } from "cloudflare:workers";
import { tenantWorkflows } from "../../durable-objects/tenant-workflows/client.ts";
import type { PlatformEvent } from "../../src/realtime/platform-event.ts";

/** A tenant's events of one kind, in order. */
export async function eventsOf(clientId: string, event: string): Promise<PlatformEvent[]> {
  const tenant = tenantWorkflows(env, clientId);
  const all: PlatformEvent[] = [];
  for (;;) {
    const { events } = await tenant.readEvents({ since: all.at(-1)?.seq ?? 0, limit: 500 });
    if (events.length === 0) return all.filter((entry) => entry.event === event);
    all.push(...events);
  }
}
