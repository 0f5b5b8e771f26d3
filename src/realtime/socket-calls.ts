import { z } from "zod";
import { answeredBy } from "#src/kernel/answered-by.ts";
import type { AppError } from "#src/kernel/app-error.ts";
import { type Outcome, refusal } from "#src/kernel/outcome.ts";
import { type Caller, callerSchema } from "./connection.ts";

/** An operation that a hub, or a conversation, has carried out for whoever has connected. */
export interface SocketCall {
  operation:
    | "getProject"
    | "getConversation"
    | "getOrder"
    | "getCustomer"
    | "executeInstance"
    | "sendMessage"
    | "replyToConversation"
    | "leaveToWrite";
  caller: Caller;
  /** As it came, not checked yet. */
  input: Record<string, unknown>;
  idempotencyKey?: string;
}

/** Who comes into the room of a conversation, and from which entry of its log on they hear it. */
export const roomHearingSchema = z.object({
  caller: callerSchema,
  conversationId: z.uuid(),
  since: z.number().int().nonnegative().optional(),
});
export type RoomHearing = z.input<typeof roomHearingSchema>;

/** The gateway, where a hub has sockets at conversations opened: by `fetch`, because no socket comes with a call. */
export type ConversationSockets = Pick<Fetcher, "fetch">;

/** What the gateway does for the hubs, which know neither the database nor operations. Calls only gain operations. */
export interface SocketCallsApi {
  /** Carries out what REST would carry out, by the same rules. */
  perform(call: SocketCall): Promise<Outcome<unknown>>;
}

/**
 * The gateway, as a hub asks it.
 * @param failed says what has failed
 */
export const gatewayCalls = (
  gateway: SocketCallsApi | undefined,
  failed: (message: string, error: unknown) => void,
  patienceMs?: number,
): SocketCallsApi => ({
  perform: (call) =>
    answeredBy(
      gateway,
      (bound) => bound.perform(call),
      (error) => failed("the gateway did not answer a hub", error),
      patienceMs,
    ),
});

/** A refusal, as it crosses from Worker to Worker. */
export const refusalOf = ({ code, message, details }: AppError): Outcome<never> =>
  refusal(code, message, details);
