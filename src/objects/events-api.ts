import type { EventFeed, EventLog, PlatformEvent } from "#src/events/index.ts";

/** The tenant's event log, as those have it who keep it going. */
export interface EventsApi extends EventLog, EventFeed {
  /** The hub has opened a socket, so events are handed to it from now on; the extent of the log. */
  greetListener(): Promise<{ oldest: number; latest: number }>;
  /** Takes over the events of another object of a spread tenant, in order; repeats are harmless. */
  takeOverEvents(source: string, events: PlatformEvent[]): Promise<void>;
}
