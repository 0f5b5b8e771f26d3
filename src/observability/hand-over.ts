import { errorFields, type Logger } from "./logger.ts";

/** What has been gathered of one kind since the last hand-over. */
export interface Batch<T> {
  /** Who gathered it: an isolate has one for each kind, with a name that nobody else has. */
  source: string;
  /** Numbers the batches of a kind from their source: one that comes again has the number that it had. */
  number: number;
  things: readonly T[];
  /** How many found no room, or were given up, since the batch before. */
  dropped: number;
}

/** Where things of one kind go. */
export interface Sink<T> {
  name: string;
  /** Takes a batch; where that fails the same one is offered again, first of all. */
  take(batch: Batch<T>): Promise<void>;
}

/** Things of one kind that wait to be handed over. */
export interface Gathering {
  readonly name: string;
  readonly isEmpty: boolean;
  /** Whether there is hardly room for more. */
  readonly isFull: boolean;
  /** @throws when they were not taken; they wait on */
  handOver(): Promise<void>;
}

export const rhythm = {
  /** The shortest time between two hand-overs, unless there is hardly room for more. */
  everyMs: 5000,
  /** What comes first after a while waits so long for company. */
  gatherMs: 500,
  /** An occasion that should have handed over so long ago was ended by the runtime: another takes its turn. */
  lateMs: 5000,
};

/**
 * Hands over what an isolate has gathered (figures, log lines, spans), at most every five seconds and behind whatever is
 * going on. Whoever records something only puts it into memory; each occasion (a request, a batch, a tick, an object's
 * alarm) ends with `after`, and the first one that finds something waits for the others' sake. What an isolate has not
 * handed over when it is killed is lost: that is at most what it gathered in this time.
 */
export class HandOver {
  readonly #gatherings: readonly Gathering[];
  readonly #log: Logger;
  /** When the hand-over is due that an occasion waits for; none waits while it is 0. */
  #dueAt = 0;
  #lastAt = 0;

  /** @param log where to say that something was not taken; never what is handed over itself */
  constructor(gatherings: readonly Gathering[], log: Logger) {
    this.#gatherings = gatherings;
    this.#log = log;
  }

  /** Says that an occasion is over, which may go on by `waitUntil` for the sake of what it and others have recorded. */
  after(waitUntil: (work: Promise<unknown>) => void): void {
    if (this.#gatherings.every(({ isEmpty }) => isEmpty)) return;
    const now = Date.now();
    if (this.#gatherings.some(({ isFull }) => isFull)) waitUntil(this.now());
    else if (!this.#isWaitedFor(now)) {
      this.#dueAt = Math.max(now + rhythm.gatherMs, Math.min(this.#lastAt, now) + rhythm.everyMs);
      waitUntil(this.#in(this.#dueAt - now));
    }
  }

  /** A clock that was set back keeps nobody waiting either. */
  #isWaitedFor(now: number): boolean {
    return now >= this.#dueAt - rhythm.everyMs && now <= this.#dueAt + rhythm.lateMs;
  }

  /** Hands over at once. What is not taken waits for the next time. */
  async now(): Promise<void> {
    this.#dueAt = 0;
    this.#lastAt = Date.now();
    await Promise.all(
      this.#gatherings.map(async (gathering) => {
        try {
          await gathering.handOver();
        } catch (error) {
          this.#log.warn("not handed over", { what: gathering.name, ...errorFields(error) });
        }
      }),
    );
  }

  async #in(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    await this.now();
  }
}
