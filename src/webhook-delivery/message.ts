import type { PlatformEvent } from "#src/events/index.ts";

/** What a message says besides its headers; docs/webhooks.md#what-arrives. */
interface Message {
  event: string;
  clientId: string;
  entityId: string;
  data: Record<string, unknown>;
  /** ISO 8601 UTC. */
  timestamp: string;
}

/** The body of a message. */
export const bodyOf = ({ event, clientId, entityId, data, timestamp }: Message): string =>
  JSON.stringify({ type: event, timestamp, client_id: clientId, entity_id: entityId, data });

/** What an endpoint may be sent of an event, made up. */
export const sampleMessage = (event: string, data: Record<string, unknown>): string =>
  bodyOf({
    event,
    clientId: "demo_client",
    entityId: String(data.correlation_id ?? data.conversation_id ?? data.user_id),
    data,
    timestamp: "2026-11-27T12:00:00.000Z",
  });

/**
 * An event as a message: the same event has the same id at every endpoint, however often it comes.
 * @param epoch of the log that has numbered it
 */
export const messageOf = (
  { clientId, epoch }: { clientId: string; epoch: string },
  { seq, event, entity_id: entityId, data, timestamp }: PlatformEvent,
) => ({
  id: `msg_${clientId}_${epoch}_${seq}`,
  body: bodyOf({ event, clientId, entityId, data, timestamp }),
});
