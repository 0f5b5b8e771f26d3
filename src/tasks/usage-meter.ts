import type { TaskUsage } from "#src/engine/task-report.ts";

/** Adds up what the calls of one task attempt cost, also of those that failed. */
export class UsageMeter {
  readonly #begun: number;
  #model: string | undefined;
  #tokensIn = 0;
  #tokensOut = 0;
  #costMicros = 0;
  #isEstimated = false;
  #providerMs = 0;

  /** @param now epoch milliseconds */
  constructor(now: number) {
    this.#begun = now;
  }

  readonly add = (call: {
    model: string;
    tokensIn: number;
    tokensOut: number;
    costMicros: number;
    isEstimated: boolean;
  }): void => {
    this.#model = call.model;
    this.#tokensIn += call.tokensIn;
    this.#tokensOut += call.tokensOut;
    this.#costMicros += call.costMicros;
    this.#isEstimated ||= call.isEstimated;
  };

  /** A call of a provider is over, whatever came of it. */
  readonly addCall = (ms: number): void => {
    this.#providerMs += Math.max(0, ms);
  };

  usage(now: number): TaskUsage {
    return {
      ...(this.#model === undefined ? {} : { model: this.#model }),
      tokensIn: this.#tokensIn,
      tokensOut: this.#tokensOut,
      costMicros: this.#costMicros,
      durationMs: Math.max(0, now - this.#begun),
      ...(this.#providerMs > 0 ? { providerMs: this.#providerMs } : {}),
      ...(this.#isEstimated ? { isEstimated: true } : {}),
    };
  }
}
