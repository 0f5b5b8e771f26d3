import type { HubAddress } from "#src/objects/events-api.ts";
import type { OwnObjects } from "#src/objects/objects.ts";
import {
  type ConversationSockets,
  connectionFrame,
  conversationOfRoom,
  type RoomRights,
  type SocketCallsApi,
} from "#src/realtime/index.ts";
import { ConversationRelays } from "./conversation-relays.ts";
import { Entrances } from "./entrances.ts";
import { frameOf } from "./frame.ts";
import type { Listener } from "./listener.ts";
import { OtherHubs } from "./other-hubs.ts";
import { RoomCommands } from "./room-commands.ts";
import { Rooms } from "./rooms.ts";
import type { Sockets } from "./sockets.ts";

interface Parts {
  objects: OwnObjects;
  gateway: SocketCallsApi;
  /** The gateway, where sockets at conversations are opened; undefined where it is not bound. */
  conversations: ConversationSockets | undefined;
  readRun: RoomRights["readRun"];
  sockets(): Sockets<Listener>;
  /** Says what has failed. */
  failed(message: string, error: unknown): void;
  waitUntil(work: Promise<unknown>): void;
}

/** The rooms of a hub: what is said in them reaches its own sockets, and those of the tenant's other hubs. */
export class HubRooms {
  readonly commands: RoomCommands;
  readonly #parts: Parts;
  readonly #rooms: Rooms<Listener>;
  readonly #others: OtherHubs;
  readonly #entrances = new Entrances();
  readonly #relays: ConversationRelays<Listener>;

  constructor(parts: Parts) {
    const { objects, gateway, conversations, readRun, failed, waitUntil } = parts;
    this.#parts = parts;
    this.#others = new OtherHubs((clientId, shard) => objects.hub(clientId, shard), failed);
    const tellRoom = (room: string, frame: string) => {
      this.tellRoom(room, frame);
      waitUntil(this.#others.tell((hub) => hub.tellRoom(room, frame)));
    };
    this.#rooms = new Rooms(
      (room, user_id, status) =>
        tellRoom(
          room,
          connectionFrame({ event: "presence.changed", data: { room, user_id, status } }, Date.now()),
        ),
      (work, ms) => void setTimeout(work, ms),
    );
    this.#relays = new ConversationRelays<Listener>({
      ...{ gateway: conversations, failed, waitUntil },
      with: ({ socket }, work) => parts.sockets().with(socket, work),
      isIn: ({ rooms }, id) => rooms.includes(`conversation:${id}`),
      ended: ({ socket }, id) => this.#putOut([socket], `conversation:${id}`),
    });
    this.commands = new RoomCommands({
      conversations: this.#relays,
      rooms: this.#rooms,
      entrances: this.#entrances,
      rights: {
        readRun,
        readProject: (caller, project_id) =>
          gateway.perform({ operation: "getProject", caller, input: { params: { project_id } } }),
        readOrder: (caller, order_id) =>
          gateway.perform({ operation: "getOrder", caller, input: { params: { order_id } } }),
        readCustomer: (caller, customer_id) =>
          gateway.perform({ operation: "getCustomer", caller, input: { params: { customer_id } } }),
      },
      tellRoom,
      tellTenant: (frame) => {
        this.tellTenant(frame);
        waitUntil(this.#others.tell((hub) => hub.tellTenant(frame)));
      },
      usersIn: async (room) => [
        ...new Set([...this.usersIn(room), ...(await this.#others.ask((hub) => hub.usersIn(room))).flat()]),
      ],
    });
  }

  /** Takes up a socket that has been opened, or has been there before the hub slept. */
  add(listener: Listener): void {
    this.#others.learn(listener.caller.clientId, listener.at);
    // A hub that begins anew has no sockets at conversations any more: who was in their rooms is told, and comes again.
    for (const room of listener.rooms.filter(conversationOfRoom)) this.#putOut([listener.socket], room);
    this.#rooms.add(listener);
  }

  gone(listener: Listener): void {
    this.#relays.gone(listener);
    this.#rooms.gone(listener);
  }

  /** The tenant's sockets are spread in another way. */
  spread(listener: Listener, at: HubAddress): void {
    listener.beAt(at);
    this.#others.learn(listener.caller.clientId, at);
  }

  /** Tells the sockets of this hub that are in a room. */
  tellRoom(room: string, frame: string): void {
    this.#tell(this.#rooms.membersOf(room), frame);
  }

  /** Tells all sockets of this hub. */
  tellTenant(frame: string): void {
    const { listeners } = this.#parts.sockets();
    this.#tell(
      [...listeners.concernedBy(null)].filter(({ isStream }) => !isStream),
      frame,
    );
  }

  /** Sends everybody out of a room at this hub. */
  endRoom(room: string): void {
    this.#entrances.ended(room);
    this.#putOut(
      this.#rooms.end(room).map(({ socket }) => socket),
      room,
    );
  }

  #putOut(sockets: readonly WebSocket[], room: string): void {
    const frame = frameOf(connectionFrame({ event: "room.ended", data: { room } }, Date.now()));
    for (const socket of sockets)
      this.#parts.sockets().with(socket, (listener) => {
        if (!listener.rooms.includes(room)) return;
        this.#rooms.leave(listener, room);
        this.#relays.close(listener, conversationOfRoom(room) ?? "");
        listener.beIn(listener.rooms.filter((one) => one !== room));
        listener.sendFrame(frame);
      });
  }

  usersIn(room: string): string[] {
    return this.#rooms.usersIn(room);
  }

  #tell(listeners: readonly Listener[], text: string): void {
    const frame = frameOf(text);
    const sockets = this.#parts.sockets();
    for (const { socket } of listeners) sockets.with(socket, (listener) => listener.sendFrame(frame));
  }
}
