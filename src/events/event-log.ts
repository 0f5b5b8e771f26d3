import type { PlatformEvent } from "./platform-event.ts";
import type { Extent } from "./resume.ts";

/** An event as it is told, before the log has numbered it. */
export interface AppendedEvent {
  /** Makes repeats harmless. */
  id: string;
  event: string;
  entityId: string;
  ownerUserId: string | null;
  data: Record<string, unknown>;
}

/** The tenant's event log, to which everything that happens is appended; it is published from there. */
export interface EventLog {
  appendEvent(event: AppendedEvent): Promise<void>;
  /** `appendEvent` for several, in order, at once. */
  appendEvents(events: readonly AppendedEvent[]): Promise<void>;
}

export interface EventQuery {
  /** Exclusive. */
  since: number;
  /** The run, or other entity, that they are about; any when left out. */
  entityId?: string;
  limit: number;
}

/** Events, and what the log has at all: a `since` before its oldest number, or of another epoch, has a gap. */
export interface EventPage extends Extent {
  events: PlatformEvent[];
}

/** The same log, as it is read. */
export interface EventFeed {
  /**
   * Log lines after `since` in order. At most `limit`, and at most 248 KiB of them: there may be more after the last
   * one.
   */
  readEvents(query: EventQuery): Promise<EventPage>;
  /** As `readEvents`, but waits up to `timeoutMs` for the first event. */
  waitForEvents(query: EventQuery, timeoutMs: number): Promise<EventPage>;
}
