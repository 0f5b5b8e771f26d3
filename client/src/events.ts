import type { components } from "./event-types.ts";

/** What each event says, by its name: generated from the platform's catalogue. */
export type EventData = components["schemas"];

export type EventName = keyof EventData & string;

/** An event as it comes: by the WebSocket, and of a run as server-sent event. */
export type PlatformEvent<Name extends EventName = EventName> = {
  [Each in Name]: {
    event: Each;
    data: EventData[Each];
    /** What it is about. */
    entity_id?: string;
    /** Its number in the tenant's log; of what only passes by, none. */
    seq?: number;
    timestamp?: string;
  };
}[Name];

/** The names that a pattern stands for, as far as types can say it: all of a kind for `kind.*` and `kind.**`. */
type NamesOf<Pattern extends string> = Pattern extends EventName
  ? Pattern
  : Pattern extends `${infer Kind}.${"*" | "**"}`
    ? Extract<EventName, `${Kind}.${string}`>
    : EventName;

/** The events that a pattern stands for. */
export type EventsOf<Pattern extends string> = PlatformEvent<NamesOf<Pattern>>;
