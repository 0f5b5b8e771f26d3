import { awayMs } from "#src/realtime/index.ts";

/** Does something later, once. */
export type Later = (work: () => void, ms: number) => void;

type Tell = (personId: string, state: "online" | "offline") => void;

/**
 * Who hears a conversation, by their sockets. Whose last one is cut and who is there again within 10 s, as after a
 * reload, has not been away.
 */
export class Attendance {
  /** Who has been cut off, and which time. */
  readonly #away = new Map<string, symbol>();
  readonly #tell: Tell;
  readonly #later: Later;

  constructor(tell: Tell, later: Later) {
    this.#tell = tell;
    this.#later = later;
  }

  /** @param isFirst whether they have no other socket */
  came(personId: string, isFirst: boolean): void {
    if (isFirst && !this.#away.delete(personId)) this.#tell(personId, "online");
  }

  /** @param isLast whether they have no other socket */
  gone(personId: string, isLast: boolean): void {
    if (!isLast) return;
    const time = Symbol();
    this.#away.set(personId, time);
    this.#later(() => {
      if (this.#away.get(personId) !== time) return;
      this.#away.delete(personId);
      this.#tell(personId, "offline");
    }, awayMs);
  }

  /** Those who have been cut off just now. */
  get away(): string[] {
    return [...this.#away.keys()];
  }
}
