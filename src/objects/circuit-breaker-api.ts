import { z } from "zod";

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

/** Calls that an isolate has made since it last told. */
export const callCountsSchema = z.object({
  successes: z.number().int().nonnegative(),
  failures: z.number().int().nonnegative(),
  /** The probe whose outcome this is: only that moves a half-open breaker. */
  probe: z.number().int().optional(),
});
export type CallCounts = z.infer<typeof callCountsSchema>;

export type Admission =
  | { allowed: true; status: "closed" }
  /** The one call that finds out whether the provider is back; its outcome is recorded under this number. */
  | { allowed: true; status: "half_open"; probe: number }
  /** Half-open: another call is finding out. */
  | { allowed: false; status?: "open" | "half_open"; retryAfterMs: number };

/** The circuit breaker of one provider, shared by all isolates (docs/providers.md#breaker). */
export interface CircuitBreakerApi {
  /** May a call go out now? `since` is what the isolate has seen since it last asked. */
  admit(since: CallCounts): Promise<Admission>;
  record(counts: CallCounts): Promise<void>;
  view(): Promise<BreakerView>;
}
