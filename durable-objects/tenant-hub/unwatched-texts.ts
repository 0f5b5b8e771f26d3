import { maxWatchWaitMs, type TextSubject } from "#src/objects/texts-api.ts";

/** Calls that wait at a time; one more is refused, and comes again. */
const maxWaiting = 2000;

interface Waiting {
  subjects: readonly TextSubject[];
  settle(watched: boolean[]): void;
}

/** Those who write texts that nobody watches, and wait until somebody does. */
export class UnwatchedTexts {
  readonly #waiting = new Set<Waiting>();

  /**
   * @param isWatched whether a text is watched now
   * @returns which of the texts are watched, once any of them is or the time is over
   * @throws when too many wait
   */
  async wait(
    subjects: readonly TextSubject[],
    timeoutMs: number,
    isWatched: (subject: TextSubject) => boolean,
  ): Promise<boolean[]> {
    const watched = subjects.map(isWatched);
    if (watched.includes(true) || timeoutMs <= 0) return watched;
    if (this.#waiting.size >= maxWaiting) throw new Error("Too many texts wait to be watched");
    const { promise, resolve } = Promise.withResolvers<boolean[]>();
    const waiting: Waiting = {
      subjects,
      settle: (now) => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        resolve(now);
      },
    };
    const timer = setTimeout(() => waiting.settle(watched), Math.min(timeoutMs, maxWatchWaitMs));
    this.#waiting.add(waiting);
    return promise;
  }

  /** Somebody has begun to watch texts. */
  look(isWatched: (subject: TextSubject) => boolean): void {
    for (const { subjects, settle } of [...this.#waiting]) {
      const watched = subjects.map(isWatched);
      if (watched.includes(true)) settle(watched);
    }
  }
}
