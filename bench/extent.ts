/** How much is measured: all of it, or a quick look. */
export interface Extent {
  /** Of a closed loop. */
  seconds: number;
  /** Calls that a median is taken of. */
  rounds: number;
  /** How often two things that are compared take turns. */
  turns: number;
  /** Runs at once. */
  parallelRuns: number;
  /** Items of a fan-out. */
  items: number;
}

export const whole: Extent = { seconds: 6, rounds: 60, turns: 5, parallelRuns: 100, items: 1000 };
export const quick: Extent = { seconds: 2, rounds: 20, turns: 3, parallelRuns: 100, items: 200 };
