/** Rooms that somebody is about to come into: while it is asked whether they may, the room may end. */
export class Entrances {
  readonly #open = new Map<string, { entrants: number; ends: number }>();

  /** Asks something of a room, again where that room has ended meanwhile. */
  async ask<T>(room: string, question: () => Promise<T>): Promise<T> {
    const entrance = this.#open.get(room) ?? { entrants: 0, ends: 0 };
    this.#open.set(room, entrance);
    entrance.entrants++;
    try {
      for (;;) {
        const { ends } = entrance;
        const answer = await question();
        if (ends === entrance.ends) return answer;
      }
    } finally {
      entrance.entrants--;
      if (entrance.entrants === 0) this.#open.delete(room);
    }
  }

  /** A room has ended. */
  ended(room: string): void {
    const entrance = this.#open.get(room);
    if (entrance) entrance.ends++;
  }
}
