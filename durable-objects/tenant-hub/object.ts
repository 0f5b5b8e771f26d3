import { DurableObject } from "cloudflare:workers";
import type { PlatformEvent } from "#src/events/index.ts";
import { type ObjectPlatformBindings, objectPlatformOf } from "#src/object-platform.ts";
import type { EventsApi } from "#src/objects/events-api.ts";
import type { Objects } from "#src/objects/objects.ts";
import type { TenantHubApi } from "#src/objects/tenant-hub-api.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import {
  type Caller,
  type Command,
  type Connection,
  closeCodes,
  connectionFrame,
  errorFrame,
  eventFrame,
  maxPatterns,
  maxSockets,
  maySee,
  noOutflow,
  openingHeader,
  openingSchema,
  readCommand,
  responseFrame,
} from "#src/realtime/index.ts";
import { Flood } from "./flood.ts";
import { type Frame, frameOf, Listener } from "./listener.ts";
import { Tickets } from "./tickets.ts";
import { Turns } from "./turns.ts";

const maxFrameBytes = 64 * 1024;
const replayPage = 200;

/** The tenant's WebSocket hub (docs/realtime.md). Sockets hibernate; what a socket needs lies in its attachment. */
export class TenantHub extends DurableObject<ObjectPlatformBindings> implements TenantHubApi {
  readonly #flood = new Flood();
  readonly #histories = new Turns();
  readonly #listeners = new WeakMap<WebSocket, Listener>();
  readonly #logger = createLogger("tenant-hub");
  readonly #objects: Objects;
  readonly #tickets: Tickets;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    this.#objects = objectPlatformOf(env).objects;
    this.#tickets = new Tickets(ctx.storage.sql);
  }

  /** Opens a socket: 101; 401 for a ticket that has been used; 429 when the user or the tenant has too many. */
  override async fetch(request: Request): Promise<Response> {
    const { caller, since, ticket } = openingSchema.parse(
      JSON.parse(request.headers.get(openingHeader) ?? "null"),
    );
    if (this.#isFull(caller)) return new Response(null, { status: 429 });
    if (ticket && !this.#tickets.use(ticket, Date.now())) return new Response(null, { status: 401 });
    const { 0: client, 1: server } = new WebSocketPair();
    // First what it is, then that it is there: whatever happens in between, every socket of the hub can be read.
    server.serializeAttachment({ ...caller, seenSeq: 0, patterns: [], outflow: noOutflow });
    this.ctx.acceptWebSocket(server, [`session:${caller.sessionId}`, `user:${caller.userId}`]);
    await this.#with(server, (listener) => this.#greet(listener, since));
    return new Response(null, { status: 101, webSocket: client });
  }

  async publish(events: readonly PlatformEvent[]): Promise<{ sockets: number }> {
    const sockets = this.ctx.getWebSockets();
    const frames = new Map<PlatformEvent, Frame>();
    const toFrame = (event: PlatformEvent): Frame => {
      const frame = frames.get(event) ?? frameOf(eventFrame(event));
      frames.set(event, frame);
      return frame;
    };
    for (const socket of sockets) {
      this.#with(socket, (listener) => {
        if (listener.replay) listener.replay.missed = true;
        else if (!listener.deliver(events, toFrame)) this.ctx.waitUntil(this.#replay(socket));
      });
    }
    return { sockets: sockets.length };
  }

  async endSessions(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds) {
      for (const socket of this.ctx.getWebSockets(`session:${sessionId}`))
        this.#with(socket, (listener) => listener.end(closeCodes.sessionEnded, "The session has ended"));
    }
  }

  async endRights(userId: string): Promise<void> {
    for (const socket of this.ctx.getWebSockets(`user:${userId}`))
      this.#with(socket, (listener) => listener.end(closeCodes.rightsLost, "Your rights have changed"));
  }

  async endAll(): Promise<void> {
    for (const socket of this.ctx.getWebSockets())
      this.#with(socket, (listener) =>
        listener.end(closeCodes.sessionEnded, "The tenant has been switched off"),
      );
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#with(socket, async (listener) => {
      if (listener.isOpen) await this.#hear(socket, listener, message);
    });
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    // 1005 and 1006 are never sent: they only say that the other side gave no code.
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }

  /** Closes the connections whose access token has run out. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const socket of this.ctx.getWebSockets()) {
      this.#with(socket, (listener) => {
        const { expiresAt } = listener.connection;
        if (expiresAt <= now) listener.end(closeCodes.sessionEnded, "The access token has expired");
        else next = Math.min(next, expiresAt);
      });
    }
    if (Number.isFinite(next)) await this.ctx.storage.setAlarm(next);
  }

  /**
   * Does something with a socket. A failure, or an attachment that cannot be
   * read, ends that socket and reaches nothing else.
   */
  #with(socket: WebSocket, work: (listener: Listener) => Promise<void>): Promise<void>;
  #with(socket: WebSocket, work: (listener: Listener) => void): void;
  #with(socket: WebSocket, work: (listener: Listener) => void | Promise<void>): void | Promise<void> {
    const fail = (error: unknown) => {
      this.#logger.error("a socket failed and is closed", errorFields(error));
      if (socket.readyState === WebSocket.OPEN) socket.close(closeCodes.failure, "Something went wrong");
    };
    try {
      const listener = this.#listeners.get(socket) ?? new Listener(socket);
      this.#listeners.set(socket, listener);
      return work(listener)?.catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  /** Begins with where the log stands, unless the session has ended since the gateway looked. */
  async #greet(listener: Listener, since: number | undefined): Promise<void> {
    const { clientId, userId, sessionId, expiresAt } = listener.connection;
    const [{ oldest, latest }, isShutOut] = await Promise.all([
      this.#logOf(listener.connection).greetListener(),
      this.#objects.gate(clientId).isShutOut(sessionId),
      this.#armExpiry(expiresAt),
    ]);
    if (isShutOut) return listener.end(closeCodes.sessionEnded, "The session has ended");
    const seenSeq = since === undefined ? latest : Math.min(since, latest);
    listener.keep({ seenSeq });
    const say = (told: Parameters<typeof connectionFrame>[0]) =>
      listener.send(connectionFrame(told, Date.now()));
    say({ event: "connection.established", data: { user_id: userId, seq: latest } });
    if (oldest > seenSeq + 1) say({ event: "history.gap", data: { since: seenSeq, oldest } });
  }

  async #hear(socket: WebSocket, listener: Listener, message: string | ArrayBuffer): Promise<void> {
    const now = Date.now();
    const bytes =
      typeof message === "string" ? new TextEncoder().encode(message).byteLength : message.byteLength;
    if (bytes > maxFrameBytes) {
      listener.send(errorFrame("Message too large", `At most ${maxFrameBytes} bytes`, now));
      return listener.end(closeCodes.tooBig, "Message too large");
    }
    const command = readCommand(message);
    // An answer to our own question costs nothing.
    if (command.ok && command.value.event === "pong" && listener.acknowledge(command.value.id)) return;
    if (!this.#flood.admits(socket, command.ok ? command.value.event : undefined, now)) {
      listener.send(errorFrame("Too many messages", "Slow down", now));
      return listener.end(closeCodes.policy, "Too many messages");
    }
    if (command.ok) await this.#obey(socket, listener, command.value, now);
    else listener.send(errorFrame("Invalid command", command.details, now, command.command, command.id));
  }

  async #obey(socket: WebSocket, listener: Listener, command: Command, now: number): Promise<void> {
    const { connection } = listener;
    switch (command.event) {
      case "ping":
        return listener.send(responseFrame({ event: "pong", data: {} }, now, command.id));
      // Late, or to a question that nobody has asked.
      case "pong":
        return;
      case "subscribe": {
        const patterns = [...new Set([...connection.patterns, ...command.data.events])];
        if (patterns.length > maxPatterns) {
          return listener.send(
            errorFrame("Too many subscriptions", `At most ${maxPatterns}`, now, "subscribe", command.id),
          );
        }
        listener.keep({ patterns });
        listener.send(responseFrame({ event: "subscribe", data: { events: patterns } }, now, command.id));
        return this.#replay(socket);
      }
      case "unsubscribe": {
        const patterns = connection.patterns.filter((pattern) => !command.data.events.includes(pattern));
        listener.keep({ patterns });
        return listener.send(
          responseFrame({ event: "unsubscribe", data: { events: patterns } }, now, command.id),
        );
      }
      case "history":
        // A user reads one page at a time; a socket that takes long to be sent it delays no other.
        return this.#histories.take(listener, async () => {
          if (!listener.isOpen) return;
          const page = await this.#histories.take(connection.userId, () =>
            this.#history(connection, command, now),
          );
          await listener.sendInTurn(page);
        });
    }
  }

  /** A page of the log: what the caller may see of it, and the number after which the next page begins. */
  async #history(
    connection: Connection,
    { id, data: { since, limit } }: Extract<Command, { event: "history" }>,
    now: number,
  ): Promise<string> {
    const { events, oldest, latest } = await this.#logOf(connection).readEvents({ since, limit });
    const visible = events.filter((event) => maySee(connection, event));
    const data = { events: visible, oldest, latest, next: events.at(-1)?.seq ?? since };
    return responseFrame({ event: "history", data }, now, id);
  }

  /** Catches a socket up from the tenant's log; what is published meanwhile is in the log as well. */
  #replay(socket: WebSocket): Promise<void> {
    return this.#with(socket, async (listener) => {
      if (listener.replay) return;
      const replay = { missed: false };
      listener.replay = replay;
      try {
        while (listener.isOpen && listener.connection.patterns.length > 0) {
          replay.missed = false;
          const since = listener.connection.seenSeq;
          const { events, latest } = await this.#logOf(listener.connection).readEvents({
            since,
            limit: replayPage,
          });
          if (!listener.deliver(events)) await listener.acknowledged();
          else if ((events.at(-1)?.seq ?? latest) >= latest && !replay.missed) return;
        }
      } finally {
        listener.replay = undefined;
      }
    });
  }

  /** Sockets that are closing count as well: whoever does not read leaves them behind. */
  #isFull({ userId }: Caller): boolean {
    return (
      this.ctx.getWebSockets(`user:${userId}`).length >= maxSockets.ofUser ||
      this.ctx.getWebSockets().length >= maxSockets.ofTenant
    );
  }

  #logOf({ clientId }: Caller): EventsApi {
    return this.#objects.workflows(clientId);
  }

  async #armExpiry(expiresAt: number): Promise<void> {
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > expiresAt) await this.ctx.storage.setAlarm(expiresAt);
  }
}
