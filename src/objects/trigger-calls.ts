import type { PlatformEvent } from "#src/events/index.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";

/** Events of a tenant's log that a trigger is for. */
export interface TriggerCall {
  clientId: string;
  triggerId: string;
  /** Tells the log from one that has begun anew, whose numbers are others. */
  epoch: string;
  events: readonly PlatformEvent[];
}

/** What the gateway does for triggers, which the tenants' logs ask of it. */
export interface TriggerCallsApi {
  /**
   * Starts a trigger's persona for events, in their order, once for each however often it comes.
   * @returns whether it is for anything still
   * @throws where they are to come again
   */
  fireTrigger(call: TriggerCall): Promise<{ isWanted: boolean }>;
}

const prefix = "trigger:";

/** What a tenant's log calls the feed of a trigger, among those of its webhooks. */
export const feedOfTrigger = (triggerId: string): string => prefix + triggerId;

/** The trigger that a feed is of; undefined for a webhook's. */
export const triggerOfFeed = (feed: string): string | undefined =>
  feed.startsWith(prefix) ? withoutPrefix(feed, prefix) : undefined;
