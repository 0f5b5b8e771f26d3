import { DurableObject } from "cloudflare:workers";
import type { PlatformEvent } from "#src/events/index.ts";
import { type ObjectPlatformBindings, objectLogger, objectPlatformOf } from "#src/object-platform.ts";
import type { EventsApi, HubAddress } from "#src/objects/events-api.ts";
import { type HubSpread, hubShardOf } from "#src/objects/hub-spread.ts";
import type { OwnObjects } from "#src/objects/objects.ts";
import type { HubTicket, TenantHubApi } from "#src/objects/tenant-hub-api.ts";
import type { PublishedText, TextAnswer, TextSubject } from "#src/objects/texts-api.ts";
import {
  type Caller,
  closeCodes,
  connectionFrame,
  gatewayCalls,
  graphqlCalls,
  hearsOfOthers,
  initWithinMs,
  lifeSign,
  noOutflow,
  openingHeader,
  openingSchema,
  runsReadBy,
  ticketSchema,
} from "#src/realtime/index.ts";
import { Admission } from "./admission.ts";
import { AllSockets } from "./all-sockets.ts";
import { catchUp } from "./catch-up.ts";
import { Commands } from "./commands.ts";
import { FiguresNews } from "./figures-news.ts";
import { GraphqlHub } from "./graphql-hub.ts";
import { greet } from "./greeting.ts";
import { HubAlarm } from "./hub-alarm.ts";
import { HubRooms } from "./hub-rooms.ts";
import { Listener } from "./listener.ts";
import { Presence } from "./presence.ts";
import { Publisher } from "./publisher.ts";
import { Reports } from "./reports.ts";
import { isFull, tagsOf } from "./seats.ts";
import { Sockets } from "./sockets.ts";
import { type TextListener, Texts } from "./texts.ts";
import { Tickets } from "./tickets.ts";
import { ToldLog } from "./told-log.ts";
import { upkeepOf } from "./upkeep.ts";
import { Workflows } from "./workflows.ts";

/** The tenant's WebSocket hub (docs/realtime.md). Sockets hibernate; what a socket needs lies in its attachment. */
export class TenantHub extends DurableObject<ObjectPlatformBindings> implements TenantHubApi {
  readonly #sockets: Sockets<Listener>;
  readonly #graphql: GraphqlHub;
  readonly #all: AllSockets;
  readonly #objects: OwnObjects;
  readonly #tickets: Tickets;
  readonly #presence: Presence;
  readonly #texts = new Texts<TextListener>((ownerUserId) => this.#all.readersOf(ownerUserId));
  readonly #rooms: HubRooms;
  readonly #workflows: Workflows;
  readonly #commands: Commands;
  readonly #log = new ToldLog();
  readonly #publisher: Publisher;
  readonly #reports: Reports;
  readonly #admission: Admission;
  readonly #alarm: HubAlarm;
  readonly #figures: FiguresNews;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    const { objects, queues, socketCalls } = objectPlatformOf(env, ctx.id);
    this.#reports = new Reports(objectLogger(env, ctx, "tenant-hub", { hub: ctx.id.name }));
    const { failed } = this.#reports;
    this.#objects = objects;
    this.#tickets = new Tickets(ctx.storage.sql);
    this.#presence = new Presence({ ctx, queues, failed });
    const gateway = gatewayCalls(socketCalls, failed);
    const readRun = (caller: Caller, id: string) =>
      objects.workflowsOfRun(caller.clientId, id).getRun(id, runsReadBy(caller));
    this.#workflows = new Workflows({
      gateway,
      readRun,
      with: ({ socket }, work) => ctx.waitUntil(this.#sockets.with(socket, work)),
    });
    this.#rooms = new HubRooms({
      ...{ objects, gateway, readRun, conversations: socketCalls },
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
    const upkeep = upkeepOf({
      with: ({ socket }, work) => this.#sockets.with(socket, work),
      ended: (listener, code) => {
        this.#reports.ended(listener, code);
        for (const part of [this.#rooms, this.#workflows]) part.gone(listener);
      },
    });
    this.#sockets = new Sockets({
      listenerOf: (socket) => new Listener(socket, upkeep),
      ended: upkeep.ended,
      failed,
      farewell: (code, reason) =>
        connectionFrame({ event: "connection.closed", data: { code, reason } }, Date.now()),
    });
    this.#graphql = new GraphqlHub({
      ctx,
      gateway: graphqlCalls(socketCalls, failed),
      logOf: (socket) => this.#logOf(socket),
      showTexts: (reader) => this.#texts.arrived(reader),
      reports: this.#reports,
    });
    this.#all = new AllSockets(ctx, this.#sockets, this.#graphql);
    this.#alarm = new HubAlarm(ctx.storage);
    const admitting = { objects, log: this.#log, all: this.#all, graphql: this.#graphql, alarm: this.#alarm };
    this.#admission = new Admission(admitting);
    this.#figures = new FiguresNews({
      storage: ctx.storage,
      sockets: this.#sockets,
      alarm: this.#alarm,
    });
    this.#publisher = new Publisher({
      sockets: this.#sockets,
      log: this.#log,
      texts: this.#texts,
      workflows: this.#workflows,
      catchUpLater: ({ socket }) => ctx.waitUntil(this.#sockets.with(socket, (it) => this.#catchUp(it))),
    });
    // Answered by the platform: it wakes no hub, and tells when a socket was last heard.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(lifeSign.asked, lifeSign.answered));
    for (const part of [this.#rooms, this.#workflows]) this.#all.each((listener) => part.add(listener));
    this.#graphql.restore();
    this.#reports.restored(this.#all.size);
  }

  /** Opens a socket: 101; 401 for a ticket that has been used; 429 when the user or the hub has too many. */
  override async fetch(request: Request): Promise<Response> {
    const { caller, since, epoch, ticket, isBatched, isGraphql, textsOf, at } = openingSchema.parse(
      JSON.parse(request.headers.get(openingHeader) ?? "null"),
    );
    const isStream = textsOf !== undefined;
    this.#all.lookAgain(Date.now());
    if (isFull(this.ctx, caller, isStream)) return new Response(null, { status: 429 });
    if (ticket && !(await this.#ticketDesk(caller, at).useTicket(ticket)))
      return new Response(null, { status: 401 });
    // Others may have come while the ticket was taken.
    if (ticket && isFull(this.ctx, caller, isStream)) return new Response(null, { status: 429 });
    const { 0: client, 1: server } = new WebSocketPair();
    const heardAt = Date.now();
    if (isGraphql) {
      await this.#graphql.open(server, caller, heardAt, () =>
        this.#admission.admit(caller, at, heardAt + initWithinMs),
      );
      return new Response(null, { status: 101, webSocket: client });
    }
    // First what it is, then that it is there: whatever happens in between, every socket of the hub can be read.
    const watched = isStream ? [{ entity_id: textsOf, events: ["execution.delta"] }] : [];
    const fresh = { seenSeq: 0, patterns: [], watched, isBatched, isStream, outflow: noOutflow, heardAt };
    server.serializeAttachment({ ...caller, ...fresh, at });
    this.ctx.acceptWebSocket(server, tagsOf(caller, "hub", isStream));
    if (!isStream) this.#presence.came(caller);
    await this.#sockets.with(server, async (listener) => {
      this.#reports.opened(listener, this.#all.size);
      this.#rooms.add(listener);
      const extent = await this.#admission.admit(caller, at, heardAt + lifeSign.askAfterMs);
      if (!extent) return listener.end(closeCodes.sessionEnded, "The session has ended");
      greet(listener, extent, since === undefined ? undefined : { seq: since, epoch });
      this.#texts.arrived(listener);
    });
    return new Response(null, { status: 101, webSocket: client });
  }

  async publish(
    events: readonly PlatformEvent[],
    epoch?: string,
    isAfterGap = false,
  ): Promise<{ sockets: number }> {
    this.#admission.logIs(epoch);
    for (const part of isAfterGap ? [this.#publisher, this.#graphql] : []) part.missed();
    this.#publisher.publish(events);
    this.#graphql.publish(events);
    return { sockets: this.#all.size };
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
    this.#all.endSessions(sessionIds);
  }

  async endRights(userId: string): Promise<void> {
    this.#all.endRights(userId);
  }

  async settle(shard: number, spread: HubSpread): Promise<void> {
    this.#all.settle(
      (caller) => hubShardOf(spread, caller.userId, { hearsOfOthers: hearsOfOthers(caller) }) !== shard,
      (listener) => this.#rooms.spread(listener, { shard, spread }),
    );
  }

  async tellRoom(room: string, frame: string): Promise<void> {
    this.#rooms.tellRoom(room, frame);
  }

  async tellTenant(frame: string): Promise<void> {
    this.#rooms.tellTenant(frame);
  }

  async openSockets(): Promise<number> {
    return this.#all.size;
  }

  async tellFigures(clientId: string): Promise<void> {
    await this.#figures.changed(clientId, Date.now());
  }

  async endRoom(room: string): Promise<void> {
    this.#rooms.endRoom(room);
  }

  async usersIn(room: string): Promise<string[]> {
    return this.#rooms.usersIn(room);
  }

  async presentOf(userIds: readonly string[]): Promise<string[]> {
    return this.#presence.of(userIds);
  }

  async endAll(): Promise<void> {
    this.#all.endAll();
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    if (this.#all.isGraphql(socket)) return this.#graphql.hear(socket, message);
    await this.#sockets.with(socket, async (listener) => {
      listener.heard(Date.now());
      if (listener.isOpen) await this.#commands.hear(listener, message);
    });
  }

  override async webSocketClose(socket: WebSocket, code: number, reason: string): Promise<void> {
    this.#all.forget(socket, code);
    // 1005 and 1006 are never sent: they only say that the other side gave no code.
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#all.forget(socket);
  }

  /** Closes the connections whose access token has run out, and those at whose other end nobody is. */
  override async alarm(): Promise<void> {
    const now = Date.now();
    await this.#alarm.setTo(Math.min(this.#all.look(now), this.#figures.look(now)));
  }

  async #catchUp(listener: Listener): Promise<void> {
    await catchUp(listener, this.#logOf(listener));
    this.#texts.arrived(listener);
  }

  /** Who takes tickets: one hub for all, so that none opens a socket at each of two while sockets move. */
  #ticketDesk({ clientId }: Caller, at?: HubAddress): Pick<TenantHubApi, "useTicket"> {
    return at === undefined || at.shard === 0 ? this : this.#objects.hub(clientId, 0);
  }

  #logOf({ caller }: { caller: Caller }): EventsApi {
    return this.#objects.workflows(caller.clientId);
  }
}
