import { hasRole } from "#src/kernel/actor.ts";
import { type ErrorCode, errorCatalogue } from "#src/kernel/error-catalogue.ts";
import {
  type Answer,
  type Command,
  connectionFrame,
  conversationOfRoom,
  errorFrame,
  maxRooms,
  maxUsersNamed,
  mayJoin,
  type RoomRights,
  responseFrame,
} from "#src/realtime/index.ts";
import type { ConversationRelays } from "./conversation-relays.ts";
import type { Entrances } from "./entrances.ts";
import type { Listener } from "./listener.ts";
import type { Rooms } from "./rooms.ts";

type RoomEvent = "join_room" | "leave_room" | "room_message" | "presence" | "tenant_message";

export type RoomCommand = Extract<Command, { event: RoomEvent }>;

const names: readonly string[] = [
  "join_room",
  "leave_room",
  "room_message",
  "presence",
  "tenant_message",
] satisfies RoomEvent[];

export const isRoomCommand = (command: Command): command is RoomCommand => names.includes(command.event);

/** What is said to a room, or to all of the tenant, at all of its hubs. */
interface Parts {
  rooms: Rooms<Listener>;
  entrances: Entrances;
  rights: Omit<RoomRights, "readConversation">;
  /** What happens in conversations: whoever comes into the room of one hears it. */
  conversations: Pick<ConversationRelays<Listener>, "open" | "close">;
  /** Tells all that are in a room. */
  tellRoom(room: string, frame: string): void;
  tellTenant(frame: string): void;
  /** The users in a room, at whichever hub. */
  usersIn(room: string): Promise<string[]>;
}

/** Carries out what clients say of rooms (docs/realtime.md#rooms). */
export class RoomCommands {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async obey(listener: Listener, command: RoomCommand, now: number): Promise<void> {
    const { id, event } = command;
    const refuse = (error: string, details: string, code?: ErrorCode) =>
      listener.send(errorFrame(error, details, now, { command: event, id, code }));
    const answer = (told: Answer) => listener.send(responseFrame(told, now, id));
    if (listener.isStream) return refuse("Invalid command", "A stream has no rooms");
    const { rooms, tellTenant } = this.#parts;
    const { userId: from } = listener.caller;
    switch (command.event) {
      case "join_room":
        return this.#join(listener, command.data, refuse, answer);
      case "leave_room": {
        const { room } = command.data;
        if (listener.rooms.includes(room)) {
          rooms.leave(listener, room);
          this.#parts.conversations.close(listener, conversationOfRoom(room) ?? "");
          listener.beIn(listener.rooms.filter((one) => one !== room));
        }
        return answer({ event: command.event, data: { room } });
      }
      case "presence": {
        const { room } = command.data;
        if (!listener.rooms.includes(room)) return refuse("Not in this room", "Join it before");
        return answer({ event: command.event, data: await this.#whoIsIn(room) });
      }
      case "room_message": {
        const { room, data } = command.data;
        if (!listener.rooms.includes(room)) return refuse("Not in this room", "Join it before");
        this.#parts.tellRoom(
          room,
          connectionFrame({ event: command.event, data: { room, data, from } }, now),
        );
        return answer({ event: command.event, data: { room } });
      }
      case "tenant_message": {
        if (!hasRole(listener.caller, "moderator"))
          return refuse("Insufficient permissions", "For moderators and administrators");
        tellTenant(connectionFrame({ event: command.event, data: { data: command.data, from } }, now));
        return answer({ event: command.event, data: {} });
      }
    }
  }

  async #join(
    listener: Listener,
    { room, since }: Extract<RoomCommand, { event: "join_room" }>["data"],
    refuse: (error: string, details: string, code?: ErrorCode) => void,
    answer: (told: Answer) => void,
  ): Promise<void> {
    const { rooms, entrances, conversations } = this.#parts;
    const conversation = conversationOfRoom(room);
    let begins: { log_seq?: number } = {};
    if (!listener.rooms.includes(room) || (conversation !== undefined && since !== undefined)) {
      const rights: RoomRights = {
        ...this.#parts.rights,
        readConversation: async (_, id) => {
          const opened = await conversations.open(listener, id, since);
          if (opened.ok) begins = { log_seq: opened.value.seq };
          return opened;
        },
      };
      const reading = await entrances.ask(room, () => mayJoin(rights, listener.caller, room));
      if (!reading.ok) {
        const { code, message = errorCatalogue[code].message } = reading;
        if (code === "NOT_FOUND" || code === "INSUFFICIENT_PERMISSIONS")
          return refuse("No such room", "There is nothing of that name that you may read", "NOT_FOUND");
        return refuse("Not now", message, code);
      }
      // It may have joined others meanwhile, or have ended.
      const isFull = !listener.rooms.includes(room) && listener.rooms.length >= maxRooms;
      if (isFull || !listener.isOpen) {
        if (conversation !== undefined) conversations.close(listener, conversation);
        return isFull ? refuse("Too many rooms", `At most ${maxRooms}`) : undefined;
      }
      listener.beIn([...new Set([...listener.rooms, room])]);
      rooms.join(listener, room);
    }
    answer({ event: "join_room", data: { ...(await this.#whoIsIn(room)), ...begins } });
  }

  async #whoIsIn(room: string) {
    const users = await this.#parts.usersIn(room);
    return { room, users: users.slice(0, maxUsersNamed), count: users.length };
  }
}
