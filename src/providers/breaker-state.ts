import type { Admission, BreakerStatus, CallCounts } from "#src/objects/circuit-breaker-api.ts";

/** Spec 04-agents, "Providers": 3 failures in a row, or half of at least 10 calls within 60 s. */
const rules = {
  consecutiveFailures: 3,
  windowMs: 60_000,
  windowCalls: 10,
  failureShare: 0.5,
  openMs: 30_000,
  /** After a probe that failed. */
  stillOpenMs: 60_000,
  /** A probe that never reports back is given up after this. */
  probeMs: 120_000,
  /** How soon to ask again while a probe is out. */
  probePauseMs: 10_000,
};

const bucketMs = 5000;

export interface BreakerState {
  status: BreakerStatus;
  consecutiveFailures: number;
  trips: number;
  /** While open: when a probe may go. While half-open: when the probe counts as lost. */
  retryAt: number | null;
  /** Number of the last probe sent out. */
  probe: number;
  /** Number of the last probe that was sent out before the breaker opened. */
  settledProbe: number;
  buckets: readonly { at: number; successes: number; failures: number }[];
}

export const closedBreaker: BreakerState = {
  status: "closed",
  consecutiveFailures: 0,
  trips: 0,
  retryAt: null,
  probe: 0,
  settledProbe: 0,
  buckets: [],
};

const open = (state: BreakerState, retryAt: number): BreakerState => ({
  ...state,
  status: "open",
  trips: state.trips + 1,
  retryAt,
  buckets: [],
});

/**
 * The state after calls have ended. Times in epoch milliseconds. Calls that
 * began before the breaker opened say nothing about now: until it closes, it listens
 * to its probes only, however late they are.
 */
export function afterCalls(
  state: BreakerState,
  { successes, failures, probe }: CallCounts,
  now: number,
): BreakerState {
  if (successes + failures === 0) return state;
  if (state.status !== "closed") {
    if (probe === undefined || probe <= state.settledProbe) return state;
    if (failures === 0)
      return { ...closedBreaker, trips: state.trips, probe: state.probe, settledProbe: state.probe };
    // One that was given up as lost says nothing against the one that is out now.
    return state.status === "half_open" && probe === state.probe
      ? open(state, now + rules.stillOpenMs)
      : state;
  }
  const at = now - (now % bucketMs);
  const recent = state.buckets.filter((bucket) => bucket.at > now - rules.windowMs && bucket.at !== at);
  const current = state.buckets.find((bucket) => bucket.at === at) ?? { at, successes: 0, failures: 0 };
  const buckets = [
    ...recent,
    { at, successes: current.successes + successes, failures: current.failures + failures },
  ];
  // An isolate tells of a failure at once, with the successes it had before.
  const inARow = successes > 0 ? failures : state.consecutiveFailures + failures;
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failures, 0);
  const calls = buckets.reduce((sum, bucket) => sum + bucket.failures + bucket.successes, 0);
  const next = { ...state, buckets, consecutiveFailures: inARow };
  const trips =
    inARow >= rules.consecutiveFailures ||
    (failures > 0 && calls >= rules.windowCalls && failed / calls >= rules.failureShare);
  return trips ? { ...open(next, now + rules.openMs), settledProbe: state.probe } : next;
}

/** Whether a call may go out, and the state after that decision: the first one after the pause is the probe. */
export function admit(state: BreakerState, now: number): { state: BreakerState; admission: Admission } {
  if (state.status === "closed") return { state, admission: { allowed: true, status: "closed" } };
  const wait = (state.retryAt ?? now) - now;
  if (wait > 0) {
    const retryAfterMs = state.status === "half_open" ? Math.min(wait, rules.probePauseMs) : wait;
    return { state, admission: { allowed: false, status: state.status, retryAfterMs } };
  }
  const probe = state.probe + 1;
  return {
    state: { ...state, status: "half_open", retryAt: now + rules.probeMs, probe },
    admission: { allowed: true, status: "half_open", probe },
  };
}
