import { errorFields, type Logger } from "#src/observability/logger.ts";

/**
 * After this a delivery counts as dead. The runtime ends what a call has begun
 * when its caller goes away, without a word: nobody may wait for that for ever.
 */
const deadAfterMs = 3000;

/** A delivery that says so often in a row that there is more makes no headway: the alarm goes on with it, later. */
export const maxRounds = 1000;

/** One kind of delivery, not twice at once; a call while it is busy makes it look again. */
export class DeliveryLine {
  readonly #what: string;
  readonly #deliver: () => Promise<boolean>;
  readonly #logger: Logger;
  readonly #gatherMs: number;
  #busySince = 0;
  #again = false;

  /** @param gatherMs how long to wait for more before the first delivery */
  constructor(what: string, gatherMs: number, deliver: () => Promise<boolean>, logger: Logger) {
    this.#what = what;
    this.#gatherMs = gatherMs;
    this.#deliver = deliver;
    this.#logger = logger;
  }

  /** Whether it is at work, as far as can be told. */
  get isBusy(): boolean {
    return Date.now() - this.#busySince < deadAfterMs;
  }

  async run(): Promise<void> {
    this.#again = true;
    if (this.isBusy) return;
    const mine = Date.now();
    this.#busySince = mine;
    if (this.#gatherMs > 0) await new Promise((resolve) => setTimeout(resolve, this.#gatherMs));
    for (let round = 0; this.#again && this.#busySince === mine; round++) {
      if (round === maxRounds) {
        this.#logger.error("delivery makes no headway; the alarm goes on with it", { what: this.#what });
        break;
      }
      this.#again = false;
      try {
        if (await this.#deliver()) this.#again = true;
      } catch (error) {
        this.#logger.error("delivery failed; the alarm will repeat it", {
          what: this.#what,
          ...errorFields(error),
        });
      }
    }
    // In the same breath as the last look at `again`: a call in between would be lost.
    if (this.#busySince === mine) this.#busySince = 0;
  }
}
