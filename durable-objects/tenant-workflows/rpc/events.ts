import { z } from "zod";
import {
  type AppendedEvent,
  type EventPage,
  type EventQuery,
  type Extent,
  type PlatformEvent,
  platformEventSchema,
} from "#src/events/index.ts";
import {
  type EventsApi,
  type HubAddress,
  type WebhookFeed,
  webhookFeedSchema,
} from "#src/objects/events-api.ts";
import { type HubSpread, hubSpreadSchema } from "#src/objects/hub-spread.ts";
import { appendedEventSchema } from "#src/objects/rpc-schemas.ts";
import type { Assembly } from "../assemble.ts";

/** The tenant's event log: what others have seen happen is appended, and whoever listens reads it. */
export class Events implements EventsApi {
  readonly #parts: Assembly;

  constructor(parts: Assembly) {
    this.#parts = parts;
  }

  async appendEvent(entry: AppendedEvent): Promise<void> {
    return this.appendEvents([entry]);
  }

  async appendEvents(entries: readonly AppendedEvent[]): Promise<void> {
    const { storage, log, memories, delivery } = this.#parts;
    const now = Date.now();
    const checked = appendedEventSchema.array().parse(entries);
    const append = () => {
      const entries = checked.map(({ entityId, ownerUserId, ...entry }) => ({
        ...entry,
        entity_id: entityId,
        owner_user_id: ownerUserId,
      }));
      log.appendOnce(entries, now);
      for (const { event, entityId } of checked)
        if (event === "instance.deleted") memories.removeAll(entityId);
    };
    delivery.deliver(storage.transactionSync(append));
  }

  async takeOverEvents(source: string, events: PlatformEvent[]): Promise<HubSpread> {
    const { storage, log, delivery, audience } = this.#parts;
    const checked = platformEventSchema.array().parse(events);
    delivery.deliver(storage.transactionSync(() => log.takeOver(source, checked)));
    return audience.spread;
  }

  async redactEvents(runIds: readonly string[]): Promise<void> {
    const { storage, log } = this.#parts;
    const ids = z.string().array().max(1000).parse(runIds);
    storage.transactionSync(() => log.redact(ids));
  }

  async readEvents(query: EventQuery): Promise<EventPage> {
    return this.#parts.log.read(query);
  }

  async waitForEvents(query: EventQuery, timeoutMs: number): Promise<EventPage> {
    const { changes, log } = this.#parts;
    const read = () => {
      const value = log.read(query);
      return { done: value.events.length > 0, value };
    };
    return changes.until(read, timeoutMs, query.entityId);
  }

  async spreadHubs(spread: HubSpread): Promise<void> {
    this.#parts.audience.learn(hubSpreadSchema.parse(spread));
  }

  async feedWebhook(feed: WebhookFeed): Promise<void> {
    this.#parts.webhooks.learn(webhookFeedSchema.parse(feed));
  }

  async confirmWebhookDisabled(webhookId: string, version: number): Promise<void> {
    await this.#parts.endpointOf(webhookId).confirmDisabled(version);
  }

  async greetListener(at?: HubAddress): Promise<Extent> {
    this.#parts.audience.arrived(at);
    return this.#parts.log.extent();
  }
}
