import { type Caller, closeCodes } from "#src/realtime/index.ts";
import type { GraphqlHub } from "./graphql-hub.ts";
import type { Listener } from "./listener.ts";
import { languageOf, socketsOf, tagOf } from "./seats.ts";
import type { Sockets } from "./sockets.ts";
import type { TextListener } from "./texts.ts";

const elsewhere = "Come again: your connection belongs elsewhere now";

/** All open sockets of a hub, whatever is spoken on them. */
export class AllSockets {
  readonly #ctx: Pick<DurableObjectState, "getTags" | "getWebSockets" | "getWebSocketAutoResponseTimestamp">;
  readonly #own: Sockets<Listener>;
  readonly #graphql: GraphqlHub;

  /** @param own those on which the hub's own commands are spoken */
  constructor(
    ctx: Pick<DurableObjectState, "getTags" | "getWebSockets" | "getWebSocketAutoResponseTimestamp">,
    own: Sockets<Listener>,
    graphql: GraphqlHub,
  ) {
    this.#ctx = ctx;
    this.#own = own;
    this.#graphql = graphql;
  }

  get size(): number {
    return this.#own.listeners.size + this.#graphql.size;
  }

  /** Those on which the hub's own commands are spoken, or those of them with a tag. */
  own(tag?: string): WebSocket[] {
    return socketsOf(this.#ctx, "hub", tag);
  }

  /** Does something with each of those. */
  each(work: (listener: Listener) => void): void {
    for (const socket of this.own()) this.#own.with(socket, work);
  }

  isGraphql(socket: WebSocket): boolean {
    return languageOf(this.#ctx, socket) === "graphql";
  }

  /** Those who may be meant by what is written for somebody. */
  *readersOf(ownerUserId: string): Generator<TextListener> {
    yield* this.#own.listeners.concernedBy(ownerUserId);
    yield* this.#graphql.readersOf(ownerUserId);
  }

  /** A socket has ended. */
  forget(socket: WebSocket, code?: number): void {
    if (this.isGraphql(socket)) this.#graphql.forget(socket, code);
    else this.#own.forget(socket, code);
  }

  endSessions(sessionIds: readonly string[]): void {
    for (const tag of sessionIds.map((sessionId) => `session:${sessionId}`)) {
      this.#own.end(this.own(tag), closeCodes.sessionEnded, "The session has ended");
      this.#graphql.end("sessionEnded", tag);
    }
  }

  endRights(userId: string): void {
    for (const tag of [false, true].map((isStream) => tagOf({ userId }, isStream))) {
      this.#own.end(this.own(tag), closeCodes.rightsLost, "Your rights have changed");
      this.#graphql.end("rightsLost", tag);
    }
  }

  endAll(): void {
    this.#own.end(this.own(), closeCodes.sessionEnded, "The tenant has been switched off");
    this.#graphql.end("sessionEnded");
  }

  /** Ends those that belong elsewhere, and has the others stay. */
  settle(isElsewhere: (caller: Caller) => boolean, stay: (listener: Listener) => void): void {
    for (const socket of this.own())
      this.#own.with(socket, (listener) => {
        if (isElsewhere(listener.caller)) listener.end(closeCodes.elsewhere, elsewhere);
        else stay(listener);
      });
    this.#graphql.settle(isElsewhere, elsewhere);
  }

  /**
   * Closes the sockets whose access token has run out, and those at whose other end nobody is.
   * @returns when to look again
   */
  look(now: number): number {
    let next = Math.min(this.#own.look(this.#looked, now), this.#graphql.look(now));
    for (const socket of this.own())
      this.#own.with(socket, (listener) => {
        const { expiresAt } = listener.caller;
        if (expiresAt <= now) listener.end(closeCodes.sessionEnded, "The access token has expired");
        else next = Math.min(next, expiresAt);
      });
    return next;
  }

  /** Looks for signs of life, where that was not done lately. */
  lookAgain(now: number): void {
    this.#own.lookAgain(this.#looked, now);
  }

  get #looked() {
    return {
      getWebSockets: () => this.own(),
      getWebSocketAutoResponseTimestamp: (socket: WebSocket) =>
        this.#ctx.getWebSocketAutoResponseTimestamp(socket),
    };
  }
}
