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
