import { DurableObject } from "cloudflare:workers";
import { type Place, type PlatformEvent, resumeAt } from "#src/events/index.ts";
import { type ObjectPlatformBindings, objectLogger, objectPlatformOf } from "#src/object-platform.ts";
import type { EventsApi, HubAddress } from "#src/objects/events-api.ts";
import { type HubSpread, hubShardOf } from "#src/objects/hub-spread.ts";
import type { OwnObjects } from "#src/objects/objects.ts";
import type { HubTicket, TenantHubApi } from "#src/objects/tenant-hub-api.ts";
import type { PublishedText, TextAnswer, TextSubject } from "#src/objects/texts-api.ts";
import {
  batchMs,
  type Caller,
  closeCodes,
  connectionFrame,
  gatewayCalls,
  hearsOfOthers,
  lifeSign,
  noOutflow,
  openingHeader,
  openingSchema,
  runsReadBy,
  ticketSchema,
} from "#src/realtime/index.ts";
import { catchUp } from "./catch-up.ts";
import { Commands } from "./commands.ts";
import { Gathering } from "./gathering.ts";
import { HubRooms } from "./hub-rooms.ts";
import type { Listener, Upkeep } from "./listener.ts";
import { Publisher } from "./publisher.ts";
import { Reports } from "./reports.ts";
import { isFull, tagOf } from "./seats.ts";
import { Sockets } from "./sockets.ts";
import { Texts } from "./texts.ts";
import { Tickets } from "./tickets.ts";
import { ToldLog } from "./told-log.ts";
import { Workflows } from "./workflows.ts";

/** How long what a socket has been sent may be known in memory only: hibernation takes ten times that. */
const writtenWithinMs = 1000;

/** The tenant's WebSocket hub (docs/realtime.md). Sockets hibernate; what a socket needs lies in its attachment. */
export class TenantHub extends DurableObject<ObjectPlatformBindings> implements TenantHubApi {
  readonly #sockets: Sockets;
  readonly #objects: OwnObjects;
  readonly #tickets: Tickets;
  readonly #texts = new Texts((ownerUserId) => this.#sockets.listeners.concernedBy(ownerUserId));
  readonly #rooms: HubRooms;
  readonly #workflows: Workflows;
  readonly #commands: Commands;
  readonly #log = new ToldLog();
  readonly #publisher: Publisher;
  readonly #reports: Reports;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    const { objects, socketCalls } = objectPlatformOf(env, ctx.id);
    this.#reports = new Reports(objectLogger(env, ctx, "tenant-hub", { hub: ctx.id.name }));
    const { failed } = this.#reports;
    this.#objects = objects;
    this.#tickets = new Tickets(ctx.storage.sql);
    const gateway = gatewayCalls(socketCalls, failed);
    const readRun = (caller: Caller, id: string) =>
      objects.workflowsOfRun(caller.clientId, id).getRun(id, runsReadBy(caller));
    this.#workflows = new Workflows({
      gateway,
      readRun,
      with: ({ socket }, work) => ctx.waitUntil(this.#sockets.with(socket, work)),
    });
    this.#rooms = new HubRooms({
      objects,
      gateway,
      readRun,
      sockets: () => this.#sockets,
      failed,
      waitUntil: (work) => ctx.waitUntil(work),
    });
    this.#commands = new Commands({
      logOf: (listener) => this.#logOf(listener),
      catchUp: (listener) => this.#catchUp(listener),
      log: this.#log,
      texts: this.#texts,
      rooms: this.#rooms.commands,
      workflows: this.#workflows,
    });
    const unwritten = new Gathering<Listener>(writtenWithinMs, (listener) =>
      this.#sockets.with(listener.socket, () => listener.write()),
    );
    const unsent = new Gathering<Listener>(batchMs, (listener) =>
      this.#sockets.with(listener.socket, () => listener.flush()),
    );
    const upkeep: Upkeep = {
      writeSoon: (listener) => unwritten.add(listener),
      flushSoon: (listener) => unsent.add(listener),
      ended: (listener, code) => {
        this.#reports.ended(listener, code);
        this.#rooms.gone(listener);
        this.#workflows.gone(listener);
      },
    };
    this.#sockets = new Sockets(upkeep, failed);
    this.#publisher = new Publisher({
      sockets: this.#sockets,
      log: this.#log,
      texts: this.#texts,
      workflows: this.#workflows,
      catchUpLater: (listener) => this.#catchUpLater(listener),
    });
    // Answered by the platform: it wakes no hub, and tells when a socket was last heard.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(lifeSign.asked, lifeSign.answered));
    for (const socket of ctx.getWebSockets())
      this.#sockets.with(socket, (listener) => {
        this.#rooms.add(listener);
        this.#workflows.add(listener);
      });
    this.#reports.restored(this.#sockets.listeners.size);
  }

  /** Opens a socket: 101; 401 for a ticket that has been used; 429 when the user or the hub has too many. */
  override async fetch(request: Request): Promise<Response> {
    const { caller, since, epoch, ticket, isBatched, textsOf, at } = openingSchema.parse(
      JSON.parse(request.headers.get(openingHeader) ?? "null"),
    );
    const isStream = textsOf !== undefined;
    this.#sockets.lookAgain(this.ctx, Date.now());
    if (isFull(this.ctx, caller, isStream)) return new Response(null, { status: 429 });
    if (ticket && !(await this.#ticketDesk(caller, at).useTicket(ticket)))
      return new Response(null, { status: 401 });
    // Others may have come while the ticket was taken.
    if (ticket && isFull(this.ctx, caller, isStream)) return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    // First what it is, then that it is there: whatever happens in between, every socket of the hub can be read.
    const watched = isStream ? [{ entity_id: textsOf, events: ["execution.delta"] }] : [];
    const heardAt = Date.now();
    const fresh = { seenSeq: 0, patterns: [], watched, isBatched, isStream, outflow: noOutflow, heardAt };
    server.serializeAttachment({ ...caller, ...fresh, at });
    this.ctx.acceptWebSocket(server, [`session:${caller.sessionId}`, tagOf(caller, isStream)]);
    await this.#sockets.with(server, async (listener) => {
      this.#reports.opened(listener, this.#sockets.listeners.size);
      this.#rooms.add(listener);
      await this.#greet(listener, since === undefined ? undefined : { seq: since, epoch }, at);
      this.#texts.arrived(listener);
    });
    return new Response(null, { status: 101, webSocket: client });
  }

  async publish(
    events: readonly PlatformEvent[],
    epoch?: string,
    isAfterGap = false,
  ): Promise<{ sockets: number }> {
    this.#logIs(epoch);
    if (isAfterGap) this.#publisher.missed();
    this.#publisher.publish(events);
    return { sockets: this.#sockets.listeners.size };
  }

  async publishText(pieces: readonly PublishedText[]): Promise<TextAnswer[]> {
    return this.#texts.publish(pieces, Date.now());
  }

  async untilWatched(subjects: readonly TextSubject[], timeoutMs: number): Promise<boolean[]> {
    return this.#texts.untilWatched(subjects, timeoutMs);
  }

  async useTicket(ticket: HubTicket): Promise<boolean> {
    return this.#tickets.use(ticketSchema.parse(ticket), Date.now());
  }

  async endSessions(sessionIds: readonly string[]): Promise<void> {
    for (const sessionId of sessionIds)
      this.#sockets.end(
        this.ctx.getWebSockets(`session:${sessionId}`),
        closeCodes.sessionEnded,
        "The session has ended",
      );
  }

  async endRights(userId: string): Promise<void> {
    for (const isStream of [false, true])
      this.#sockets.end(
        this.ctx.getWebSockets(tagOf({ userId }, isStream)),
        closeCodes.rightsLost,
        "Your rights have changed",
      );
  }

  async settle(shard: number, spread: HubSpread): Promise<void> {
    for (const socket of this.ctx.getWebSockets())
      this.#sockets.with(socket, (listener) => {
        const { caller } = listener;
        if (hubShardOf(spread, caller.userId, { hearsOfOthers: hearsOfOthers(caller) }) !== shard)
          return listener.end(closeCodes.elsewhere, "Come again: your connection belongs elsewhere now");
        this.#rooms.spread(listener, { shard, spread });
      });
  }

  async tellRoom(room: string, frame: string): Promise<void> {
    this.#rooms.tellRoom(room, frame);
  }

  async tellTenant(frame: string): Promise<void> {
    this.#rooms.tellTenant(frame);
  }

  async endRoom(room: string): Promise<void> {
    this.#rooms.endRoom(room);
  }

  async usersIn(room: string): Promise<string[]> {
    return this.#rooms.usersIn(room);
  }

  async endAll(): Promise<void> {
    this.#sockets.end(this.ctx.getWebSockets(), closeCodes.sessionEnded, "The tenant has been switched off");
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#sockets.with(socket, async (listener) => {
      listener.heard(Date.now());
      if (listener.isOpen) await this.#commands.hear(listener, message);
    });
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    this.#sockets.forget(socket, code);
    // 1005 and 1006 are never sent: they only say that the other side gave no code.
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#sockets.forget(socket);
  }

  /** Closes the connections whose access token has run out, and those at whose other end nobody is. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    let next = this.#sockets.look(this.ctx, now);
    for (const socket of this.ctx.getWebSockets()) {
      this.#sockets.with(socket, (listener) => {
        const { expiresAt } = listener.caller;
        if (expiresAt <= now) listener.end(closeCodes.sessionEnded, "The access token has expired");
        else next = Math.min(next, expiresAt);
      });
    }
    if (Number.isFinite(next)) await this.ctx.storage.setAlarm(next);
  }

  #catchUpLater({ socket }: Listener): void {
    this.ctx.waitUntil(this.#sockets.with(socket, (listener) => this.#catchUp(listener)));
  }

  async #catchUp(listener: Listener): Promise<void> {
    await catchUp(listener, this.#logOf(listener));
    this.#texts.arrived(listener);
  }

  /** Begins with where the log stands, unless the session has ended since the gateway looked. */
  async #greet(listener: Listener, place?: Place, at?: HubAddress): Promise<void> {
    const { clientId, userId, sessionId, expiresAt } = listener.caller;
    const [extent, isShutOut] = await Promise.all([
      this.#logOf(listener).greetListener(at),
      this.#objects.gate(clientId).isShutOut(sessionId),
      this.#armBy(Math.min(expiresAt, Date.now() + lifeSign.askAfterMs)),
    ]);
    if (isShutOut) return listener.end(closeCodes.sessionEnded, "The session has ended");
    const { epoch, latest } = extent;
    this.#logIs(epoch);
    this.#log.reaches(latest);
    const { after, gap } = resumeAt(place ?? { seq: latest }, extent);
    const say = (told: Parameters<typeof connectionFrame>[0]) =>
      listener.send(connectionFrame(told, Date.now()));
    say({ event: "connection.established", data: { user_id: userId, seq: latest, epoch } });
    if (gap) say({ event: "history.gap", data: gap });
    listener.startAfter({ epoch, seq: after });
  }

  /** Sockets that have heard another log end: they come again, and are told of the gap. */
  #logIs(epoch: string | undefined): void {
    if (!this.#log.is(epoch)) return;
    for (const socket of this.ctx.getWebSockets())
      this.#sockets.with(socket, (listener) => {
        const { epoch: heard } = listener.place;
        if (heard !== undefined && heard !== epoch)
          listener.end(closeCodes.elsewhere, "Come again: the log has begun anew");
      });
  }

  /** Who takes tickets: one hub for all, so that none opens a socket at each of two while sockets move. */
  #ticketDesk({ clientId }: Caller, at?: HubAddress): Pick<TenantHubApi, "useTicket"> {
    return at === undefined || at.shard === 0 ? this : this.#objects.hub(clientId, 0);
  }

  #logOf({ caller }: Listener): EventsApi {
    return this.#objects.workflows(caller.clientId);
  }

  async #armBy(at: number): Promise<void> {
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at) await this.ctx.storage.setAlarm(at);
  }
}
