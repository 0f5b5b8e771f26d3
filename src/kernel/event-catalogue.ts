import { z } from "zod";
import { accountEvents } from "./events/accounts.ts";
import { analyticsEvents } from "./events/analytics.ts";
import { commerceEvents } from "./events/commerce.ts";
import { conversationEvents } from "./events/conversations.ts";
import type { Audience, EventEntry } from "./events/entry.ts";
import { executionEvents } from "./events/executions.ts";
import { instanceEvents } from "./events/instances.ts";
import { personEvents } from "./events/persons.ts";
import { systemEvents } from "./events/system.ts";
import { triggerEvents } from "./events/triggers.ts";
import { webhookEvents as eventsOfWebhooks } from "./events/webhooks.ts";

/** Everything that the platform tells of: name → what it says, who may see it, whether webhooks carry it. */
export const eventCatalogue = {
  ...instanceEvents,
  ...executionEvents,
  ...conversationEvents,
  ...accountEvents,
  ...personEvents,
  ...commerceEvents,
  ...analyticsEvents,
  ...triggerEvents,
  ...eventsOfWebhooks,
  ...systemEvents,
};

type Catalogue = typeof eventCatalogue;

export type EventName = keyof Catalogue;

/** The names of the events of one kind, for example `user`. */
export type EventNameOf<Kind extends string> = Extract<EventName, `${Kind}.${string}`>;

/** What an event says, as whoever writes it has to give it. */
export type EventData<Name extends EventName> = z.input<Catalogue[Name]["data"]>;

/** An event with its data: one of the catalogue, and nothing else. */
export type EventOf<Name extends EventName = EventName> = {
  [Each in Name]: { event: Each; data: EventData<Each> };
}[Name];

const entries = new Map<string, EventEntry>(Object.entries(eventCatalogue));

const isName = (name: string): name is EventName => entries.has(name);

/** The events that webhooks carry. */
export const webhookEvents: readonly EventName[] = Object.keys(eventCatalogue).filter(
  (name): name is EventName => isName(name) && eventCatalogue[name].webhooks,
);

/**
 * Who may see an event by its name. A name that the catalogue does not have, of another release's log, is
 * shown as the most private are.
 */
export const audienceOf = (event: string): Audience => entries.get(event)?.seenBy ?? "owner";

/** Data that an event may have, of those that webhooks carry; none of another. */
export const sampleOf = (event: string): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(entries.get(event)?.sample ?? {});

/**
 * What is wrong with an event as it was read: undefined where it is as the catalogue says. It goes on as it is
 * all the same: what an earlier release wrote may lack what is said today, and no event is lost for that.
 */
export function eventProblem(event: string, data: unknown): string | undefined {
  const known = entries.get(event);
  if (!known) return "not in the catalogue";
  const issue = known.data.safeParse(data).error?.issues[0];
  return issue && `${issue.path.join(".")}: ${issue.message}`;
}
