import { matchesAny } from "#client/patterns.ts";
import { eventCatalogue } from "#src/kernel/event-catalogue.ts";

/** The events that the tenant's log keeps, which is what a trigger can be for; its own are not among them. */
const names = Object.entries(eventCatalogue).flatMap(([name, { seenBy, ...more }]) =>
  seenBy === "connection" || ("passes" in more && more.passes) || name.startsWith("trigger.") ? [] : name,
);

/** The names of events that a pattern fits. */
export const eventsMatching = (pattern: string): string[] =>
  names.filter((name) => matchesAny([pattern], name));
