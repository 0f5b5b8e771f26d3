import type { CallCountsApi, CallLimit } from "#src/objects/call-counts-api.ts";
import { CallLeases } from "#src/rate-limits/call-leases.ts";
import { type CallWindow, grantCalls } from "#src/rate-limits/windows.ts";

/** A clock that goes as it is told. */
export class ToldClock {
  at: number;

  constructor(at = 1_800_000_000_000) {
    this.at = at;
  }

  now = (): number => this.at;
}

/** The gate's own counting, in memory, of one caller. */
export class CountingGate implements CallCountsApi {
  readonly #clock: ToldClock;
  windows: CallWindow[] = [];
  /** Questions that it was asked. */
  questions = 0;

  constructor(clock: ToldClock) {
    this.#clock = clock;
  }

  async takeCalls(asked: Parameters<CallCountsApi["takeCalls"]>[0]) {
    this.questions += 1;
    const { windows, answer } = grantCalls(this.windows, asked, this.#clock.now());
    this.windows = windows;
    return answer;
  }
}

export const minute = (most: number): CallLimit[] => [{ seconds: 60, most }];

/** What an occasion of the runtime does with work that nobody waits for: here it goes on by itself. */
export const goOn = (): void => {};

/** Isolates that let one caller through, each by what it knows. */
export const isolatesAt = (
  clock: ToldClock,
  gate: CallCountsApi,
  limits: readonly CallLimit[],
  count: number,
) =>
  Array.from({ length: count }, () => {
    const leases = new CallLeases(clock);
    return (cost = 1) => leases.take({ key: "caller", limits, gate: () => gate }, cost, goOn);
  });
