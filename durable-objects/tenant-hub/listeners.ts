import { type Caller, hearsOfOthers } from "#src/realtime/index.ts";

/** The open sockets of a hub, by whom events are meant for. */
export class Listeners<Listener extends { readonly caller: Caller }> {
  readonly #all = new Set<Listener>();
  /** Those with rights to others' things: whatever belongs to others may be for them as well. */
  readonly #staff = new Set<Listener>();
  readonly #ofUsers = new Map<string, Set<Listener>>();

  get size(): number {
    return this.#all.size;
  }

  add(listener: Listener): void {
    const { userId } = listener.caller;
    this.#all.add(listener);
    if (hearsOfOthers(listener.caller)) this.#staff.add(listener);
    const own = this.#ofUsers.get(userId) ?? new Set();
    this.#ofUsers.set(userId, own.add(listener));
  }

  remove(listener: Listener): void {
    const { userId } = listener.caller;
    this.#all.delete(listener);
    this.#staff.delete(listener);
    const own = this.#ofUsers.get(userId);
    own?.delete(listener);
    if (own?.size === 0) this.#ofUsers.delete(userId);
  }

  /** Those whom something of a user, or, without one, of the whole tenant, may concern; each once. */
  *concernedBy(ownerUserId: string | null): Iterable<Listener> {
    if (ownerUserId === null) return yield* this.#all;
    const own = this.#ofUsers.get(ownerUserId);
    if (own) yield* own;
    for (const listener of this.#staff) if (!own?.has(listener)) yield listener;
  }
}
