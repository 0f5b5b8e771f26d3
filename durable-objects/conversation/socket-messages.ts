import { z } from "zod";
import {
  type Listener,
  type PlainMessage,
  plainMessageSchema,
  type SocketAnswer,
  told,
} from "#src/conversations/index.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import type { CallCountsApi } from "#src/objects/call-counts-api.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { originSchema } from "#src/objects/origin.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { takeAllowance } from "#src/rate-limits/index.ts";
import type { Caller, SocketCallsApi } from "#src/realtime/index.ts";
import type { ConversationState } from "./conversation-state.ts";
import { type HeldLeave, Leaves } from "./leaves.ts";

/** What an answer of an operation's is, as far as it is passed on. */
const answerSchema = z.record(z.string(), z.unknown());

interface Parts {
  clientId: string;
  id: string;
  state: Pick<ConversationState, "row">;
  gateway: SocketCallsApi;
  gate(): CallCountsApi;
  conversation: Pick<ConversationApi, "send">;
  logger: Logger;
  now(): number;
}

/**
 * Has written what sockets send. Who may write what, operations decide, at the gateway; whom they have let write just now
 * writes on for a moment, so that most messages wait for nobody.
 */
export class SocketMessages {
  readonly #parts: Parts;
  readonly #leaves: Leaves;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { gateway, state, now } = parts;
    this.#leaves = new Leaves({
      ask: (caller) =>
        gateway.perform({ operation: "leaveToWrite", caller, input: { instance_id: state.row.instance_id } }),
      now,
    });
  }

  /** Somebody is about to send something: what has to be asked is asked meanwhile. */
  isComing(socket: WebSocket, { as, caller }: Listener): void {
    if (as === "owner" && caller) this.#leaves.of(socket, caller).catch(this.#leaveFailed);
  }

  async send(
    socket: WebSocket,
    { as, caller, personId }: Listener,
    body: Record<string, unknown>,
  ): Promise<Outcome<SocketAnswer>> {
    if (!caller) throw new Error("The gateway's own socket sends nothing");
    const plain = as === "owner" ? plainMessageSchema.safeParse(body).data : undefined;
    const leave = plain && (await this.#leaves.of(socket, caller).catch(this.#leaveFailed));
    const written = leave && (await this.#write(leave, caller, { ...plain, personId }));
    return written ?? this.#perform(as, caller, body);
  }

  /** @returns undefined where it cannot be counted here */
  async #write(
    leave: HeldLeave,
    { country, language }: Caller,
    { personId, ...message }: PlainMessage & { personId: string },
  ): Promise<Outcome<SocketAnswer> | undefined> {
    const { gate, conversation, logger } = this.#parts;
    const { persona, counted } = leave;
    const later = (what: string, work: () => Promise<unknown>) => {
      work().catch((error: unknown) => logger.error(what, errorFields(error)));
    };
    const allowance =
      counted.length === 0 ? undefined : await takeAllowance(gate(), counted, later).catch(this.#leaveFailed);
    if (counted.length > 0 && !allowance) return undefined;
    const sent = await conversation.send({
      ...message,
      sender: { id: personId, as: "owner" },
      persona,
      origin: originSchema.safeParse({ country, language }).data,
      notNow: allowance?.notNow,
    });
    allowance?.spentFor(sent);
    if (!sent.ok) return sent;
    const { created, logged, message: written, turn } = sent.value;
    // The conversation has kept it: with the next one it would be read and written again.
    if (created) leave.persona = undefined;
    const data = { created, log_seq: logged, message: told(written), turn: turn && told(turn) };
    return success({ event: "message.send", data });
  }

  async #perform(as: Listener["as"], caller: Caller, body: Record<string, unknown>) {
    const { gateway, id, clientId } = this.#parts;
    const params = { conversation_id: id };
    const elsewhere = clientId === caller.clientId ? {} : { client_id: clientId };
    const sent = await gateway.perform(
      as === "owner"
        ? { operation: "sendMessage", caller, input: { params, body } }
        : { operation: "replyToConversation", caller, input: { params, query: elsewhere, body } },
    );
    return sent.ok
      ? success<SocketAnswer>({ event: "message.send", data: answerSchema.parse(sent.value) })
      : sent;
  }

  readonly #leaveFailed = (error: unknown): undefined => {
    this.#parts.logger.warn(
      "a message is asked about, because nobody knows whether it needs to",
      errorFields(error),
    );
  };
}
