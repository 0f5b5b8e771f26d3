import type { PlatformEvent } from "#src/events/platform-event.ts";
import { eventProblem } from "#src/kernel/event-catalogue.ts";
import { tenantObject } from "./objects.ts";

/** A tenant's events of one kind, in order; each as the catalogue says, also those that SQL has written. */
export async function eventsOf(clientId: string, event: string): Promise<PlatformEvent[]> {
  const tenant = tenantObject(clientId);
  const all: PlatformEvent[] = [];
  for (;;) {
    const { events } = await tenant.readEvents({ since: all.at(-1)?.seq ?? 0, limit: 500 });
    if (events.length === 0) break;
    all.push(...events);
  }
  const found = all.filter((entry) => entry.event === event);
  for (const { data } of found) {
    const problem = eventProblem(event, data);
    if (problem) throw new Error(`${event} is unlike the catalogue: ${problem}`);
  }
  return found;
}
