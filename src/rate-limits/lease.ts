import type { CallLimit, CallsGranted } from "#src/objects/call-counts-api.ts";

/** What is left in a window, as an isolate knows it; times in epoch milliseconds by its own clock. */
interface LeasedWindow {
  limit: CallLimit;
  /** Beside what the isolate has been granted. */
  remaining: number;
  resetsAt: number;
}

/** Calls that an isolate may let through without asking, until the first window ends. */
export interface Lease {
  /** What has been asked by; other limits need another answer. */
  limits: readonly CallLimit[];
  /** The name of the grant; none while nothing is held. */
  grant: string | undefined;
  windows: readonly LeasedWindow[];
  since: number;
  until: number;
  left: number;
  /** Calls let through by it. */
  spent: number;
  /** Until then it is believed that there are no more; others may give something back. */
  usedUpUntil: number;
}

/** How somebody stands with their limits: in the window that they reach the end of first. */
export interface Standing extends LeasedWindow {
  /** All of them. */
  limits: readonly CallLimit[];
}

export const nothingHeld: Lease = {
  limits: [],
  grant: undefined,
  windows: [],
  since: 0,
  until: 0,
  left: 0,
  spent: 0,
  usedUpUntil: 0,
};

/** Who is refused is refused for so long without asking again. */
const believesMs = 1000;

/** A lease from a gate's answer that has come just now. */
export function leaseOf(
  {
    limits,
    wanted,
    grant,
    answer,
  }: { limits: readonly CallLimit[]; wanted: number; grant: string; answer: CallsGranted },
  now: number,
): Lease {
  const windows = limits.map((limit, index) => {
    const { remaining, resetsIn } = answer.windows[index] ?? { remaining: 0, resetsIn: 0 };
    return { limit, remaining, resetsAt: now + resetsIn };
  });
  const until = Math.min(...windows.map(({ resetsAt }) => resetsAt));
  const usedUpUntil = answer.granted < wanted ? now + believesMs : 0;
  return { limits, grant, windows, since: now, until, left: answer.granted, spent: 0, usedUpUntil };
}

/** Whether a lease says something now, of these limits. A clock that was put back ends it as well. */
export const isInForce = (lease: Lease, limits: readonly CallLimit[], now: number): boolean =>
  lease.limits === limits && now >= lease.since && now < lease.until;

/** How many calls are to be asked for in advance: as many as came in a second lately, and not many more than came at all. */
export const reserveFor = ({ spent, since }: Lease, now: number): number =>
  Math.floor(Math.min(4 * spent, (spent * 1000) / Math.max(1, now - since)));

/**
 * Where somebody stands by a lease.
 * @param cost of the call: windows that have no room for it go before others
 */
export function standingOf({ limits, windows, left }: Lease, cost: number): Standing {
  const own = windows.map((window) => ({ ...window, remaining: window.remaining + left }));
  const first = own.reduce((one, other) => (isBefore(other, one, cost) ? other : one));
  return { limits, ...first };
}

/** Whether a window is met before another: one that has no room, then the one with less of it, then the longer one. */
function isBefore(one: LeasedWindow, other: LeasedWindow, cost: number): boolean {
  const [isFull, isOtherFull] = [one.remaining < cost, other.remaining < cost];
  if (isFull !== isOtherFull) return isFull;
  if (!isFull && one.remaining !== other.remaining) return one.remaining < other.remaining;
  return one.resetsAt > other.resetsAt;
}
