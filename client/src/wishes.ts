import type { PlatformEvent } from "./events.ts";
import { tell } from "./hearing.ts";

export type Hear = (event: PlatformEvent) => void;

interface Wish {
  pattern: string;
  entityId: string | undefined;
  hearers: Set<Hear>;
}

/** What a connection listens to, and who does. */
export class Wishes {
  readonly #wishes = new Map<string, Wish>();

  /** @returns whether nobody has listened to that before */
  add(pattern: string, entityId: string | undefined, hear: Hear): boolean {
    const key = keyOf(pattern, entityId);
    const known = this.#wishes.get(key);
    if (known) known.hearers.add(hear);
    else this.#wishes.set(key, { pattern, entityId, hearers: new Set([hear]) });
    return !known;
  }

  /** @returns whether nobody listens to that any more */
  remove(pattern: string, entityId: string | undefined, hear: Hear): boolean {
    const key = keyOf(pattern, entityId);
    const wish = this.#wishes.get(key);
    if (!wish?.hearers.delete(hear) || wish.hearers.size > 0) return false;
    return this.#wishes.delete(key);
  }

  /** It may not be listened to. */
  forget(pattern: string, entityId: string | undefined): void {
    this.#wishes.delete(keyOf(pattern, entityId));
  }

  /** Each hearer decides for itself whether the event is for it. */
  tell(event: PlatformEvent): void {
    for (const { hearers } of [...this.#wishes.values()]) for (const hear of [...hearers]) tell(hear, event);
  }

  /** All of it, as one `subscribe` says it; undefined where there is none. */
  get all(): { events: string[]; watched: { entity_id: string; events: string[] }[] } | undefined {
    if (this.#wishes.size === 0) return undefined;
    const of = Map.groupBy(this.#wishes.values(), ({ entityId }) => entityId);
    const patternsOf = (wishes: readonly Wish[] = []) => wishes.map(({ pattern }) => pattern);
    return {
      events: patternsOf(of.get(undefined)),
      watched: [...of].flatMap(([id, wishes]) =>
        id === undefined ? [] : [{ entity_id: id, events: patternsOf(wishes) }],
      ),
    };
  }
}

const keyOf = (pattern: string, entityId = ""): string => `${entityId} ${pattern}`;
