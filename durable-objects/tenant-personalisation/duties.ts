import type { Clock } from "#src/kernel/clock.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";

/** What is done by the clock, in bounded parts. */
export interface Duty {
  name: string;
  /** When there is something to do next; null where nothing waits. It follows from what is stored. */
  readonly nextAt: number | null;
  /** Does a part of it. What fails is done again. */
  run(now: number): Promise<void>;
}

/** When what has failed is done again. */
const againMs = 5000;

interface Parts {
  storage: Pick<DurableObjectStorage, "setAlarm">;
  duties: readonly Duty[];
  clock: Clock;
  logger: Logger;
}

/** Has the object's alarm ring for what is to be done next, and does it then. */
export class Duties {
  readonly #parts: Parts;
  /** For when the alarm is set, as far as this instance knows. */
  #armedFor = Number.POSITIVE_INFINITY;
  #isAtWork = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sets the alarm for what comes next, in the transaction of what was written. */
  arm(pause = 0): void {
    if (this.#isAtWork) return;
    const { storage, duties, clock } = this.#parts;
    const times = duties.map(({ nextAt }) => nextAt).filter((time) => time !== null);
    if (times.length === 0) return;
    const at = Math.max(Math.min(...times), clock.now() + pause);
    if (at >= this.#armedFor) return;
    this.#armedFor = at;
    void storage.setAlarm(at);
  }

  async run(): Promise<void> {
    const { duties, clock, logger } = this.#parts;
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#isAtWork = true;
    let pause = 0;
    for (const duty of duties) {
      const { nextAt } = duty;
      if (nextAt === null || nextAt > clock.now()) continue;
      try {
        await duty.run(clock.now());
      } catch (error) {
        logger.error("something was not done; it is done again", { duty: duty.name, ...errorFields(error) });
        pause = againMs;
      }
    }
    this.#isAtWork = false;
    this.arm(pause);
  }
}
