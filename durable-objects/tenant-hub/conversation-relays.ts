import { z } from "zod";
import { type ErrorCode, errorCatalogue } from "#src/kernel/error-catalogue.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import {
  type Caller,
  type ConversationSockets,
  closeCodes,
  openingHeader,
  type RoomHearing,
} from "#src/realtime/index.ts";

/** Who hears a conversation by its room. */
interface Hearer {
  readonly caller: Caller;
  readonly isOpen: boolean;
  send(text: string): void;
}

/** A socket of somebody's at a conversation. */
interface Relay {
  socket: WebSocket;
  /** The last entry of the conversation's log that it has told; undefined before it has said where that stands. */
  seq: number | undefined;
  /** How often it was opened again since it last told something. */
  tries: number;
}

interface Parts<H> {
  gateway: ConversationSockets | undefined;
  /** Does something with a hearer, whose socket ends if that fails. */
  with(hearer: H, work: (hearer: H) => void): void;
  /** Whether somebody is in a conversation's room. */
  isIn(hearer: H, conversationId: string): boolean;
  /** Somebody hears a conversation no longer, without having said so. */
  ended(hearer: H, conversationId: string): void;
  waitUntil(work: Promise<unknown>): void;
  /** Says what has failed. */
  failed(message: string, error: unknown): void;
}

const patienceMs = 20_000;
const mostTries = 3;

/** Ends that say that somebody may not hear it: no other socket is opened. */
const shutOut: readonly number[] = [closeCodes.sessionEnded, closeCodes.rightsLost];

const frameSchema = z.looseObject({
  event: z.string(),
  id: z.string().optional(),
  seq: z.number().optional(),
  data: z.unknown().optional(),
});

const refusedSchema = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === "string" && Object.hasOwn(errorCatalogue, code)),
  message: z.string().optional(),
});

const unavailable = refusal("UPSTREAM_UNAVAILABLE", "This cannot be done at present; try again");

/**
 * Conversations that are heard by their rooms (docs/realtime.md#rooms). Whoever is in one has a socket at it, opened by the
 * gateway as their own would be: so what they are told, and when they are told no more, is decided at one place. While one
 * is open the hub does not sleep.
 */
export class ConversationRelays<H extends Hearer> {
  readonly #parts: Parts<H>;
  readonly #relays = new WeakMap<H, Map<string, Relay>>();

  constructor(parts: Parts<H>) {
    this.#parts = parts;
  }

  /**
   * Has somebody told what happens in a conversation, in place of what they were told before.
   * @param since the entry of its log that they know
   * @returns the entry behind which they hear it
   */
  async open(hearer: H, conversationId: string, since?: number): Promise<Outcome<{ seq: number }>> {
    return this.#open(hearer, { caller: hearer.caller, conversationId, since }, 0);
  }

  async #open(hearer: H, hearing: RoomHearing, tries: number): Promise<Outcome<{ seq: number }>> {
    const { gateway, failed } = this.#parts;
    if (!gateway) return unavailable;
    try {
      const headers = { upgrade: "websocket", [openingHeader]: JSON.stringify(hearing) };
      const asked = gateway.fetch("https://gateway/conversation", { headers });
      const answer = await withTimeout(asked, patienceMs).catch((error: unknown) => {
        this.#parts.waitUntil(letGo(asked));
        throw error;
      });
      if (!answer.webSocket) {
        const { code, message } = refusedSchema.parse(await answer.json());
        return refusal(code, message);
      }
      return await this.#begin(hearer, hearing, answer.webSocket, tries);
    } catch (error) {
      failed("a conversation was not opened for its room", error);
      return unavailable;
    }
  }

  /** Somebody hears a conversation no longer. */
  close(hearer: H, conversationId: string): void {
    const relay = this.#relays.get(hearer)?.get(conversationId);
    if (!relay) return;
    this.#relays.get(hearer)?.delete(conversationId);
    relay.socket.close(1000, "Left");
  }

  /** Somebody's own socket has ended. */
  gone(hearer: H): void {
    for (const conversationId of [...(this.#relays.get(hearer)?.keys() ?? [])])
      this.close(hearer, conversationId);
  }

  /**
   * Resolves once the conversation has said where its log stands.
   * @throws where it does not: whoever was told before, by a socket that this one has taken the place of, is out of the room
   */
  async #begin(hearer: H, hearing: RoomHearing, socket: WebSocket, tries: number) {
    const { conversationId } = hearing;
    this.close(hearer, conversationId);
    const relay: Relay = { socket, seq: undefined, tries };
    const relays = this.#relays.get(hearer) ?? new Map<string, Relay>();
    this.#relays.set(hearer, relays.set(conversationId, relay));
    const { promise: begun, resolve, reject } = Promise.withResolvers<Outcome<{ seq: number }>>();
    const isCurrent = () => relays.get(conversationId) === relay;
    socket.addEventListener("message", ({ data }) => {
      if (isCurrent())
        this.#parts.with(hearer, () => this.#hear(hearer, conversationId, relay, String(data), resolve));
    });
    socket.addEventListener("close", ({ code }) => {
      if (relay.seq === undefined) reject(new Error(`The socket of a conversation has ended (${code})`));
      else if (isCurrent()) this.#lost(hearer, hearing, relay, code);
    });
    socket.accept();
    try {
      return await withTimeout(begun, patienceMs);
    } catch (error) {
      if (isCurrent()) {
        this.close(hearer, conversationId);
        if (this.#parts.isIn(hearer, conversationId)) this.#parts.ended(hearer, conversationId);
      }
      throw error;
    }
  }

  #hear(
    hearer: H,
    conversationId: string,
    relay: Relay,
    text: string,
    begun: (outcome: Outcome<{ seq: number }>) => void,
  ): void {
    const { seq, ...frame } = frameSchema.parse(JSON.parse(text));
    switch (frame.event) {
      case "connection.established": {
        const { seq: from } = z.object({ seq: z.number() }).parse(frame.data);
        relay.seq = from;
        begun(success({ seq: from }));
        return;
      }
      // Whether the hub has taken it; who has taken what the hub sends is asked by the hub itself.
      case "connection.ping":
        relay.socket.send(JSON.stringify({ type: "command", event: "pong", id: frame.id }));
        return;
      // The room tells itself who is in it.
      case "presence.changed":
      case "connection.closed":
        return;
      default: {
        relay.tries = 0;
        relay.seq = seq ?? relay.seq;
        // Its numbers are none of the tenant's log, after which the socket itself resumes.
        const numbered = seq === undefined ? {} : { log_seq: seq };
        hearer.send(JSON.stringify({ ...frame, entity_id: conversationId, ...numbered }));
      }
    }
  }

  /** Opens another where one has broken off, from where that was. */
  #lost(hearer: H, { conversationId, caller }: RoomHearing, { seq, tries }: Relay, code: number): void {
    this.#relays.get(hearer)?.delete(conversationId);
    if (!hearer.isOpen) return;
    const { waitUntil, isIn, ended } = this.#parts;
    const again = async () => {
      const isOver = shutOut.includes(code) || tries >= mostTries;
      const opened = isOver
        ? unavailable
        : await this.#open(hearer, { caller, conversationId, since: seq }, tries + 1);
      // Whoever has left meanwhile, or has gone, hears nothing by it.
      if (!hearer.isOpen || !isIn(hearer, conversationId)) this.close(hearer, conversationId);
      else if (!opened.ok) ended(hearer, conversationId);
    };
    waitUntil(again());
  }
}

/** A socket that came too late for whoever asked for it keeps no place at its conversation. */
async function letGo(asked: Promise<Response>): Promise<void> {
  const late = await asked.catch(() => undefined);
  late?.webSocket?.accept();
  late?.webSocket?.close(1000, "Too late");
}
