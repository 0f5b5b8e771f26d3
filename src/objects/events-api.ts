import { z } from "zod";
import type { EventFeed, EventLog, Extent, PlatformEvent } from "#src/events/index.ts";
import type { HubSpread } from "./hub-spread.ts";

/** One of a tenant's hubs. */
export interface HubAddress {
  shard: number;
  spread: HubSpread;
}

/** Which events of the log go to an endpoint of the tenant's webhooks; of two the one with the higher version counts. */
export const webhookFeedSchema = z.object({
  webhookId: z.string().min(1).max(100),
  version: z.number().int().positive(),
  /** By name; none while it is switched off. */
  events: z.array(z.string().max(100)).max(100),
});
export type WebhookFeed = z.infer<typeof webhookFeedSchema>;

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
  /** Takes out of what the log says of runs all but what they have used and become; repeats are harmless. */
  redactEvents(runIds: readonly string[]): Promise<void>;
  /** What happens from now on goes to a webhook's endpoint, as far as it wants it; an older word than is known changes nothing. */
  feedWebhook(feed: WebhookFeed): Promise<void>;
  /** The platform knows that a webhook's endpoint has switched itself off: those who say so may not find the endpoint. */
  confirmWebhookDisabled(webhookId: string, version: number): Promise<void>;
}
