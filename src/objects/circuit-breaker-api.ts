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
  /** Whether the operator has switched the provider off; a breaker of the release before does not say. */
  isOff?: boolean;
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
  | { allowed: false; status?: "open" | "half_open"; retryAfterMs: number }
  /** The operator has switched the provider off. */
  | { allowed: false; status: "off"; retryAfterMs: number };

/** The circuit breaker of one provider, shared by all isolates (docs/providers.md#breaker). */
export interface CircuitBreakerApi {
  /** May a call go out now? `since` is what the isolate has seen since it last asked. */
  admit(since: CallCounts): Promise<Admission>;
  record(counts: CallCounts): Promise<void>;
  view(): Promise<BreakerView>;
  /**
   * Switches the provider off or on, by the operator's configuration.
   * @param version of that: an older one than the last changes nothing
   */
  switchOff(isOff: boolean, version: number): Promise<void>;
}
