import type { PlatformEvent } from "#src/events/index.ts";
import { answeredBy } from "#src/kernel/answered-by.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { Caller } from "./connection.ts";
import type { GraphqlAsked } from "./graphql-protocol.ts";
import type { GraphqlWants } from "./graphql-wants.ts";

/** An operation of GraphQL, as its subscription keeps it. */
export interface GraphqlOperation {
  document: string;
  name?: string | undefined;
  variables?: Record<string, unknown> | undefined;
}

/** What an operation comes to when it begins. Results and errors are JSON, as the client gets them. */
export type GraphqlBegun =
  | { kind: "result"; result: string }
  | { kind: "errors"; errors: string }
  /**
   * It is a subscription: of which events it tells, and after which; whether it tells the same to all who have the same
   * rights; and what it is from now on, its document in full.
   */
  | {
      kind: "follow";
      wants: GraphqlWants;
      since: number | undefined;
      isShared: boolean;
      operation: GraphqlOperation;
    };

/** Something that a subscription tells of: an event of the log, or a piece of a text, which has no number. */
export type GraphqlHappening = Pick<PlatformEvent, "event" | "entity_id" | "data" | "timestamp"> & {
  seq: number | null;
};

/** What the gateway does for the hubs, which have no GraphQL. */
export interface GraphqlCallsApi {
  /** Carries an operation out, or says what a subscription follows. */
  beginGraphql(call: { caller: Caller; asked: GraphqlAsked }): Promise<Outcome<GraphqlBegun>>;
  /** What a subscription tells of each of several happenings: its results, as JSON. */
  tellGraphql(call: {
    caller: Caller;
    operation: GraphqlOperation;
    happenings: GraphqlHappening[];
  }): Promise<Outcome<string[]>>;
}

/** Longer than an operation may take. */
const patienceMs = 31_000;

/**
 * The gateway, as a hub asks it.
 * @param failed says what has failed
 */
export function graphqlCalls(
  gateway: GraphqlCallsApi | undefined,
  failed: (message: string, error: unknown) => void,
): GraphqlCallsApi {
  const answered = <T>(ask: (bound: GraphqlCallsApi) => Promise<Outcome<T>>) =>
    answeredBy(gateway, ask, (error) => failed("the gateway did not answer a hub", error), patienceMs);
  return {
    beginGraphql: (call) => answered((bound) => bound.beginGraphql(call)),
    tellGraphql: (call) => answered((bound) => bound.tellGraphql(call)),
  };
}
