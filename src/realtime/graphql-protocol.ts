import { z } from "zod";
import { inexactNumbers } from "#src/http/exact-numbers.ts";
import { halfCharacterIn } from "#src/text/well-formed.ts";
import { bodyOfFrame } from "./read-frame.ts";

/**
 * What a GraphQL client says on its socket, and what is to be done then: the sub-protocol `graphql-transport-ws`
 * (https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md, docs/graphql.md#over-a-websocket).
 */
export const graphqlProtocol = "graphql-transport-ws";

/** The longest that a client may say at once: a request by HTTP is no longer. */
export const maxGraphqlFrameBytes = 100 * 1024;

/** How long a client may take until it says that it begins. */
export const initWithinMs = 3000;

/** Why a socket is closed: the protocol's codes, with the words that clients know them by. */
export const graphqlEnds = {
  malformed: { code: 4400, reason: "Invalid message received" },
  unauthorized: { code: 4401, reason: "Unauthorized" },
  sessionEnded: { code: 4401, reason: "The session has ended" },
  rightsLost: { code: 4403, reason: "Your rights have changed" },
  unacceptable: { code: 4406, reason: "Subprotocol not acceptable" },
  initTimeout: { code: 4408, reason: "Connection initialisation timeout" },
  idInUse: { code: 4409, reason: "Subscriber for this id already exists" },
  secondInit: { code: 4429, reason: "Too many initialisation requests" },
  flood: { code: 4429, reason: "Too many messages" },
  tooSlow: { code: 4429, reason: "What was sent is not acknowledged" },
} as const;

export type GraphqlEnd = keyof typeof graphqlEnds;

const fields = z.record(z.string(), z.unknown()).nullish();

/** What is asked to be carried out. */
const askedSchema = z.object({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: fields,
  extensions: fields,
});

export type GraphqlAsked = z.infer<typeof askedSchema>;

const id = z.string().min(1);
const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("connection_init"), payload: fields }),
  z.object({ type: z.literal("ping"), payload: fields }),
  z.object({ type: z.literal("pong"), payload: fields }),
  z.object({ type: z.literal("subscribe"), id, payload: askedSchema }),
  z.object({ type: z.literal("complete"), id }),
]);

/** What is to be done about a message. */
export type GraphqlStep =
  | { act: "close"; end: GraphqlEnd }
  | { act: "acknowledge" }
  | { act: "pong"; payload: z.infer<typeof fields> }
  /** The client has what it was sent before the question with this id, or, without one, before the oldest. */
  | { act: "taken"; question: string | undefined }
  | { act: "begin"; id: string; asked: GraphqlAsked }
  | { act: "refuse"; id: string; message: string }
  | { act: "end"; id: string };

/** How a socket stands. */
export interface GraphqlState {
  /** Whether the client has said that it begins. */
  hasBegun: boolean;
  /** Whether it has been told that it may. */
  isAcknowledged: boolean;
  /** Whether an operation of this id is under way. */
  has(id: string): boolean;
}

const close = (end: GraphqlEnd): GraphqlStep => ({ act: "close", end });

/** What is to be done about what a client says. */
export function graphqlStep(state: GraphqlState, said: string | ArrayBuffer): GraphqlStep {
  const { data: message } = messageSchema.safeParse(typeof said === "string" ? bodyOfFrame(said) : undefined);
  if (!message || typeof said !== "string") return close("malformed");
  switch (message.type) {
    case "connection_init":
      return state.hasBegun ? close("secondInit") : { act: "acknowledge" };
    case "ping":
      return { act: "pong", payload: message.payload };
    case "pong": {
      const question = message.payload?.id;
      return { act: "taken", question: typeof question === "string" ? question : undefined };
    }
    case "complete":
      return { act: "end", id: message.id };
    case "subscribe": {
      const { id, payload: asked } = message;
      if (!state.isAcknowledged) return close("unauthorized");
      if (state.has(id)) return close("idInUse");
      const flaw = flawIn(asked, said);
      return flaw === undefined ? { act: "begin", id, asked } : { act: "refuse", id, message: flaw };
    }
  }
}

/** What would not stay what it is, as a request by HTTP is refused for it. */
function flawIn(asked: GraphqlAsked, text: string): string | undefined {
  if (halfCharacterIn(asked)) return "Half a character (a lone surrogate)";
  return inexactNumbers(text).length > 0 ? "A number beyond 2^53: send it as text" : undefined;
}
