import { isoTime } from "#src/kernel/clock.ts";
import type { EventOf } from "#src/kernel/event-catalogue.ts";

const changed: EventOf<"analytics.updated"> = { event: "analytics.updated", data: {} };

/** That a tenant's figures have changed: an event that is in no log, so without a number. */
export const figuresFrame = (clientId: string, now: number): string =>
  JSON.stringify({ type: "event", ...changed, entity_id: clientId, timestamp: isoTime(now) });

/** Whom that is for: those with a right to others' conversations. Nobody's own, so it is none of the whole tenant's either. */
export const figuresAudience = (clientId: string) => ({
  event: changed.event,
  entity_id: clientId,
  owner_user_id: "",
});
