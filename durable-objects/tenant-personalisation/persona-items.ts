import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { ItemContent } from "#src/objects/recommendations-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { ItemDesk } from "./item-desk.ts";
import type { Shelf } from "./shelf.ts";
import type { Writing } from "./writing.ts";

/** What is recommended of personas is as it was a minute ago at most; whoever asks waits no longer than that for it. */
const [everyMs, patienceMs] = [60_000, 2000];

interface Parts {
  writing: Pick<Writing, "hasBegun" | "written">;
  itemDesk: Pick<ItemDesk, "hasOwn" | "putPersonas">;
  shelf: Pick<Shelf, "forget">;
  /** Asks the gateway for the tenant's personas. */
  ask(): Promise<ItemContent[]>;
  logger: Logger;
}

/** Keeps the personas among the items as they are, for a tenant that has no catalogue of its own. */
export class PersonaItems {
  readonly #parts: Parts;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Before a list is made. Where nobody answers, lists are made of what there is. */
  async refresh(now: number): Promise<void> {
    if (now >= this.#askedAt + everyMs) {
      this.#askedAt = now;
      this.#asking = this.#refreshed();
    }
    await this.#asking;
  }

  async #refreshed(): Promise<void> {
    const { writing, itemDesk, shelf, ask, logger } = this.#parts;
    if (writing.hasBegun && itemDesk.hasOwn) return;
    try {
      const items = await withTimeout(ask(), patienceMs);
      if (writing.hasBegun || items.length > 0) writing.written((at) => itemDesk.putPersonas(items, at));
    } catch (error) {
      // What was written is taken back; what is in memory is read again.
      shelf.forget();
      logger.warn("personas to recommend are as they were", errorFields(error));
    } finally {
      this.#asking = undefined;
    }
  }
}
