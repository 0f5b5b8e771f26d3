import type { EventFeed, EventLog, Extent, PlatformEvent } from "#src/events/index.ts";
import type { HubSpread } from "./hub-spread.ts";

/** One of a tenant's hubs. */
export interface HubAddress {
  shard: number;
  spread: HubSpread;
}

/** The tenant's event log, as those have it who keep it going. */
export interface EventsApi extends EventLog, EventFeed {
  /**
   * A hub has opened a socket, so events are handed to it from now on.
   * @param at which of the tenant's hubs it is, and over how many they are spread; a hub of the release before,
   *   which does not say it, is the first one
   * @returns the extent of the log
   */
  greetListener(at?: HubAddress): Promise<Extent>;
  /** The tenant's hubs have become more or fewer; an older word than is known changes nothing. */
  spreadHubs(spread: HubSpread): Promise<void>;
  /**
   * Takes over the events of another object of a spread tenant, in order; repeats are harmless.
   * @returns over how many hubs the tenant's sockets are spread: an object that is new may not have been told
   */
  takeOverEvents(source: string, events: PlatformEvent[]): Promise<HubSpread | undefined>;
}
