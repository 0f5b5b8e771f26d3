export type BreakerStatus = "closed" | "open" | "half_open";

export interface BreakerView {
  provider: string;
  status: BreakerStatus;
  consecutiveFailures: number;
  /** Times it has opened since it was first used. */
  trips: number;
  /** Epoch milliseconds at which the next probe may go; null while closed. */
  retryAt: number | null;
}

/** The circuit breaker of one provider, shared by all isolates (spec 04-agents, "Providers"). */
export interface CircuitBreakerApi {
  /** May a call go out now? With `allowed: false` come the milliseconds to wait. */
  admit(): Promise<{ allowed: true } | { allowed: false; retryAfterMs: number }>;
  record(outcome: "success" | "failure"): Promise<void>;
  view(): Promise<BreakerView>;
}
