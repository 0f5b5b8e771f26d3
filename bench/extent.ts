/** How much is measured: all of it, or a quick look. */
export interface Extent {
  /** Of a closed loop. */
  seconds: number;
  /** Calls that a median is taken of. */
  rounds: number;
  /** How often things that are compared take turns. */
  turns: number;
  /** Runs at once. */
  parallelRuns: number;
  /** Items of a fan-out. */
  items: number;
  /** Sockets that listen, over so many tenants. */
  audiences: readonly { sockets: number; tenants: number }[];
  /** How long a platform is watched that has nothing to do. */
  idleSeconds: number;
}

export const whole: Extent = {
  seconds: 6,
  rounds: 60,
  turns: 3,
  parallelRuns: 100,
  items: 1000,
  audiences: [
    { sockets: 1000, tenants: 1 },
    { sockets: 5000, tenants: 10 },
  ],
  idleSeconds: 60,
};
export const quick: Extent = {
  seconds: 1,
  rounds: 15,
  turns: 1,
  parallelRuns: 100,
  items: 200,
  audiences: [{ sockets: 200, tenants: 2 }],
  idleSeconds: 5,
};
