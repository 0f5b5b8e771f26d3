import { awayMs } from "#src/realtime/index.ts";

/** A connection, as far as rooms are concerned. */
export interface Member {
  readonly caller: { readonly userId: string };
  readonly rooms: readonly string[];
}

/** Does something later, once. */
export type Later = (work: () => void, ms: number) => void;

/**
 * Who is in which room, of the sockets of one hub. A user is there as long as one of their connections is, and a while
 * longer after it has been cut: coming back within that time is no change.
 */
export class Rooms<M extends Member> {
  readonly #in = new Map<string, Set<M>>();
  /** Who has been cut off in a room, and when: `user room`. */
  readonly #away = new Map<string, { userId: string; room: string; cut: symbol }>();
  readonly #told: (room: string, userId: string, status: "joined" | "left") => void;
  readonly #later: Later;

  /** @param told that somebody is in a room, or is no longer */
  constructor(told: (room: string, userId: string, status: "joined" | "left") => void, later: Later) {
    this.#told = told;
    this.#later = later;
  }

  /** Takes up a connection with the rooms that it has been in before the hub slept. */
  add(member: M): void {
    for (const room of member.rooms) this.#put(member, room);
  }

  join(member: M, room: string): void {
    const { userId } = member.caller;
    const wasIn = this.usersIn(room).includes(userId);
    this.#away.delete(keyOf(userId, room));
    this.#put(member, room);
    if (!wasIn) this.#told(room, userId, "joined");
  }

  leave(member: M, room: string): void {
    if (this.#take(member, room)) this.#told(room, member.caller.userId, "left");
  }

  /** A connection has ended, as it may do again. */
  gone(member: M): void {
    const { userId } = member.caller;
    const cut = Symbol();
    const left = member.rooms.filter((room) => this.#take(member, room));
    if (left.length === 0) return;
    for (const room of left) this.#away.set(keyOf(userId, room), { userId, room, cut });
    this.#later(() => {
      for (const room of left) {
        if (this.#away.get(keyOf(userId, room))?.cut !== cut) continue;
        this.#away.delete(keyOf(userId, room));
        this.#told(room, userId, "left");
      }
    }, awayMs);
  }

  /** Nobody is in a room any more, and nobody is told that they have left. @returns who was */
  end(room: string): readonly M[] {
    const members = this.membersOf(room);
    this.#in.delete(room);
    for (const [key, away] of this.#away) if (away.room === room) this.#away.delete(key);
    return members;
  }

  /** The connections in a room. */
  membersOf(room: string): readonly M[] {
    return [...(this.#in.get(room) ?? [])];
  }

  /** The users in a room, each once. */
  usersIn(room: string): string[] {
    const away = [...this.#away.values()].filter((one) => one.room === room);
    return [
      ...new Set([
        ...this.membersOf(room).map(({ caller }) => caller.userId),
        ...away.map(({ userId }) => userId),
      ]),
    ];
  }

  #put(member: M, room: string): void {
    const members = this.#in.get(room) ?? new Set();
    this.#in.set(room, members.add(member));
  }

  /** @returns whether the user has no other connection in the room */
  #take(member: M, room: string): boolean {
    const members = this.#in.get(room);
    if (!members?.delete(member)) return false;
    if (members.size === 0) this.#in.delete(room);
    return ![...members].some(({ caller }) => caller.userId === member.caller.userId);
  }
}

const keyOf = (userId: string, room: string): string => `${userId} ${room}`;
