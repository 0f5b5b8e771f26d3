import type { Clock } from "#src/kernel/clock.ts";
import { waitAtMost } from "#src/kernel/wait-at-most.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { type Configuration, defaultConfiguration } from "./configuration.ts";
import { configurationFrom, type StoredKey } from "./stored-configuration.ts";

/** Read again when it is so old, behind the request; waited for when it is older. A change counts everywhere within the last. */
const ages = { renewed: 4000, last: 4800 };

/** A database that has not answered by then is gone on without: for the reading, and until it is asked again. */
const patienceMs = 1000;

/** What asks for the configuration: where failures are told, and what keeps the Worker alive until it has been read. */
export interface Asking {
  log: Logger;
  waitUntil(work: Promise<unknown>): void;
}

interface SnapshotSources {
  /** Reads every key that was ever set. */
  read(): Promise<StoredKey[]>;
  clock: Clock;
}

/**
 * The platform's configuration as an isolate knows it: one tiny read of D1 every four seconds, and none while nobody
 * asks. Without D1 it stays what it was last; before anything was read, what it is by default.
 */
export class ConfigurationSnapshot {
  readonly #sources: SnapshotSources;
  #held: Configuration = defaultConfiguration;
  /** When it was asked for, not when the answer came: what has changed in between may not be in it. */
  #askedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> = Promise.resolve();
  /** Counts what this isolate has changed: an answer asked for before a change is not kept after it. */
  #changes = 0;

  constructor(sources: SnapshotSources) {
    this.#sources = sources;
  }

  /** As it is now, without asking anybody. */
  get held(): Configuration {
    return this.#held;
  }

  /** As it was at most five seconds ago; at once, unless nobody has asked for that long. */
  current(asking: Asking): Configuration | Promise<Configuration> {
    this.refresh(asking);
    if (isWithin(this.#age(), ages.last)) return this.#held;
    return waitAtMost(this.#reading, patienceMs).then(() => this.#held);
  }

  /** Has it read again if it is old, while who asks goes on. */
  refresh({ log, waitUntil }: Asking): void {
    if (isWithin(this.#age(), ages.renewed)) return;
    const now = this.#sources.clock.now();
    // One reading at a time; one that nobody brings to an end, because its request was given up, is not waited for long.
    if (isWithin(now - this.#triedAt, patienceMs)) return;
    this.#triedAt = now;
    this.#reading = this.#read(now, log);
    waitUntil(this.#reading);
  }

  /** Has it read again, after it has been changed here. */
  forget(): void {
    this.#changes += 1;
    this.#askedAt = Number.NEGATIVE_INFINITY;
    this.#triedAt = Number.NEGATIVE_INFINITY;
  }

  #age(): number {
    return this.#sources.clock.now() - this.#askedAt;
  }

  async #read(askedAt: number, log: Logger): Promise<void> {
    const changes = this.#changes;
    try {
      const { configuration, problems } = configurationFrom(await this.#sources.read());
      if (changes !== this.#changes) return;
      this.#held = configuration;
      this.#askedAt = askedAt;
      for (const problem of problems)
        log.warn("configuration unlike its schema: its default holds", { problem });
    } catch (error) {
      log.error("configuration not read: it stays what it was", errorFields(error));
    }
  }
}

/** A clock that was set back makes nothing younger. */
const isWithin = (age: number, limit: number): boolean => age >= 0 && age < limit;
