import type { PlatformEvent } from "#src/events/index.ts";
import type { EventsApi } from "#src/objects/events-api.ts";
import {
  type Caller,
  closeCodes,
  type GraphqlCallsApi,
  type GraphqlEnd,
  graphqlAttachment,
} from "#src/realtime/index.ts";
import { Gathering } from "./gathering.ts";
import { GraphqlCommands } from "./graphql-commands.ts";
import { GraphqlDelivery } from "./graphql-delivery.ts";
import { GraphqlDocuments } from "./graphql-documents.ts";
import { GraphqlExecutions } from "./graphql-executions.ts";
import { GraphqlSocket } from "./graphql-socket.ts";
import type { Reports } from "./reports.ts";
import { socketsOf, tagsOf } from "./seats.ts";
import { Sockets } from "./sockets.ts";
import type { TextListener } from "./texts.ts";

/** How long what a socket has been sent may be known in memory only: hibernation takes ten times that. */
const writtenWithinMs = 1000;

interface Parts {
  ctx: Pick<
    DurableObjectState,
    | "acceptWebSocket"
    | "getTags"
    | "getWebSockets"
    | "getWebSocketAutoResponseTimestamp"
    | "storage"
    | "waitUntil"
  >;
  gateway: GraphqlCallsApi;
  logOf(socket: { caller: Caller }): Pick<EventsApi, "readEvents">;
  showTexts(listener: TextListener): void;
  reports: Reports;
}

/** The sockets of a hub on which GraphQL is spoken (docs/graphql.md#over-a-websocket). */
export class GraphqlHub {
  readonly #parts: Parts;
  readonly #documents: GraphqlDocuments;
  readonly #sockets: Sockets<GraphqlSocket>;
  readonly #delivery: GraphqlDelivery;
  readonly #commands: GraphqlCommands;

  constructor(parts: Parts) {
    const { ctx, gateway, logOf, showTexts, reports } = parts;
    this.#parts = parts;
    this.#documents = new GraphqlDocuments(ctx.storage.sql);
    const unwritten = new Gathering<GraphqlSocket>(writtenWithinMs, ({ socket }) =>
      this.#sockets.with(socket, (known) => void known.write()),
    );
    const ended = (socket: GraphqlSocket, code: number) => reports.ended(socket, code);
    this.#sockets = new Sockets({
      listenerOf: (socket) =>
        new GraphqlSocket(socket, {
          ended,
          writeSoon: (known) => unwritten.add(known),
          tellText: (...told) => this.#delivery.offerText(...told),
        }),
      ended,
      failed: reports.failed,
    });
    this.#delivery = new GraphqlDelivery({
      executions: new GraphqlExecutions(gateway, this.#documents),
      logOf,
      with: ({ socket }, work) => ctx.waitUntil(this.#sockets.with(socket, work)),
      showTexts,
    });
    const goOn = this.#delivery.goOn.bind(this.#delivery);
    const hasRoom = (socket: GraphqlSocket) => {
      for (const following of socket.followings()) if (following.readsTexts) showTexts(following);
    };
    this.#commands = new GraphqlCommands({ gateway, documents: this.#documents, logOf, goOn, hasRoom });
  }

  get size(): number {
    return this.#sockets.listeners.size;
  }

  /** Takes up the sockets that have been there before the hub slept. */
  restore(): void {
    for (const socket of this.#all())
      this.#sockets.with(socket, (known) => {
        for (const { id, following } of [...known.operations]) {
          if (following?.isBehind) this.#delivery.goOn(known, following);
          // What was being carried out then, nobody can tell what has become of.
          else if (!following) this.#commands.lost(known, id);
        }
      });
  }

  /**
   * Accepts a socket.
   * @param admit tells whether whoever connects may; undefined where they may not
   */
  async open(
    server: WebSocket,
    caller: Caller,
    now: number,
    admit: () => Promise<object | undefined>,
  ): Promise<void> {
    const attachment = graphqlAttachment({ caller, openedAt: now, heardAt: now });
    if (!attachment) throw new Error("Whoever connects is more than a socket has room for");
    // First what it is, then that it is there.
    server.serializeAttachment(attachment);
    this.#parts.ctx.acceptWebSocket(server, tagsOf(caller, "graphql"));
    await this.#sockets.with(server, async (known) => {
      this.#parts.reports.opened(known, this.size);
      if (!(await admit())) known.close("sessionEnded");
    });
  }

  async hear(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#sockets.with(socket, async (known) => {
      known.heard(Date.now());
      if (known.isOpen) await this.#commands.hear(known, message);
    });
  }

  forget(socket: WebSocket, code?: number): void {
    this.#sockets.forget(socket, code);
  }

  publish(events: readonly PlatformEvent[]): void {
    for (const event of events)
      for (const socket of this.#sockets.listeners.concernedBy(event.owner_user_id))
        try {
          this.#delivery.offer(socket, event);
        } catch (error) {
          this.#sockets.fail(socket.socket, error);
        }
  }

  /** What comes next does not follow what was told: everybody goes on by the log, which says what it has no more. */
  missed(): void {
    for (const socket of this.#all())
      this.#sockets.with(socket, (known) => {
        for (const following of known.followings()) this.#delivery.goOn(known, following);
      });
  }

  /** Those who are told the texts of somebody's runs. */
  *readersOf(ownerUserId: string): Generator<TextListener> {
    for (const socket of this.#sockets.listeners.concernedBy(ownerUserId))
      for (const following of socket.followings()) if (following.readsTexts) yield following;
  }

  /** Ends the sockets with a tag, or all. */
  end(end: GraphqlEnd, tag?: string): void {
    for (const socket of socketsOf(this.#parts.ctx, "graphql", tag))
      this.#sockets.with(socket, (known) => known.close(end));
  }

  /** Ends the sockets of those who belong elsewhere. */
  settle(isElsewhere: (caller: Caller) => boolean, reason: string): void {
    for (const socket of this.#all())
      this.#sockets.with(socket, (known) => {
        if (isElsewhere(known.caller)) known.end(closeCodes.elsewhere, reason);
      });
  }

  /**
   * Closes the sockets whose access token has run out, at whose other end nobody is, and whose clients do not begin;
   * forgets documents that nobody uses.
   * @returns when to look again
   */
  look(now: number): number {
    const { ctx } = this.#parts;
    const inUse = new Set<string>();
    let next = this.#sockets.look(
      {
        getWebSockets: () => this.#all(),
        getWebSocketAutoResponseTimestamp: (socket) => ctx.getWebSocketAutoResponseTimestamp(socket),
      },
      now,
    );
    for (const socket of this.#all())
      this.#sockets.with(socket, (known) => {
        for (const { followed } of known.followings()) inUse.add(followed.digest);
        if (known.caller.expiresAt <= now) return known.close("sessionEnded");
        if (known.beginsBy <= now) return known.close("initTimeout");
        next = Math.min(next, known.caller.expiresAt, known.beginsBy);
      });
    return Math.min(next, this.#documents.sweep([...inUse], now));
  }

  #all(): WebSocket[] {
    return socketsOf(this.#parts.ctx, "graphql");
  }
}
