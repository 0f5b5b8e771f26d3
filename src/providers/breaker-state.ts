import type { Admission, BreakerStatus, CallCounts } from "./circuit-breaker-api.ts";

/** Spec 04-agents, "Providers": 3 failures in a row, or half of at least 10 calls within 60 s. */
const rules = {
  consecutiveFailures: 3,
  windowMs: 60_000,
  windowCalls: 10,
  failureShare: 0.5,
  openMs: 30_000,
  /** A probe that never reports back is given up after this. */
  probeMs: 120_000,
};

const bucketMs = 5000;

export interface BreakerState {
  status: BreakerStatus;
  consecutiveFailures: number;
  trips: number;
  /** While open: when a probe may go. While half-open: when the probe counts as lost. */
  retryAt: number | null;
  buckets: readonly ({ at: number } & CallCounts)[];
}

export const closedBreaker: BreakerState = {
  status: "closed",
  consecutiveFailures: 0,
  trips: 0,
  retryAt: null,
  buckets: [],
};

const open = (state: BreakerState, now: number): BreakerState => ({
  ...state,
  status: "open",
  trips: state.trips + 1,
  retryAt: now + rules.openMs,
  buckets: [],
});

/** The state after calls have ended. Times in epoch milliseconds. */
export function afterCalls(
  state: BreakerState,
  { successes, failures }: CallCounts,
  now: number,
): BreakerState {
  if (successes + failures === 0) return state;
  if (state.status === "half_open") {
    return failures > 0 ? open(state, now) : { ...closedBreaker, trips: state.trips };
  }
  if (state.status === "open") return state;
  const at = now - (now % bucketMs);
  const recent = state.buckets.filter((bucket) => bucket.at > now - rules.windowMs && bucket.at !== at);
  const current = state.buckets.find((bucket) => bucket.at === at) ?? { at, successes: 0, failures: 0 };
  const buckets = [
    ...recent,
    { at, successes: current.successes + successes, failures: current.failures + failures },
  ];
  const consecutiveFailures = failures === 0 ? 0 : state.consecutiveFailures + failures;
  const failed = buckets.reduce((sum, bucket) => sum + bucket.failures, 0);
  const calls = buckets.reduce((sum, bucket) => sum + bucket.failures + bucket.successes, 0);
  const next = { ...state, buckets, consecutiveFailures };
  const trips =
    consecutiveFailures >= rules.consecutiveFailures ||
    (calls >= rules.windowCalls && failed / calls >= rules.failureShare);
  return trips ? open(next, now) : next;
}

/** Whether a call may go out, and the state after that decision: the first one after the pause is the probe. */
export function admit(state: BreakerState, now: number): { state: BreakerState; admission: Admission } {
  if (state.status === "closed") return { state, admission: { allowed: true, status: "closed" } };
  const retryAt = state.retryAt ?? now;
  if (retryAt > now) return { state, admission: { allowed: false, retryAfterMs: retryAt - now } };
  return {
    state: { ...state, status: "half_open", retryAt: now + rules.probeMs },
    admission: { allowed: true, status: "half_open" },
  };
}
