import type { Admission, CallCounts, CircuitBreakerApi } from "./circuit-breaker-api.ts";
import { ProviderError } from "./provider-error.ts";
import { longestWaitMs, providerRetry } from "./retry-policy.ts";

/** Not now: the breaker is open, or the provider asked for more patience than a Worker has. The task is unharmed. */
export class CallPostponedError extends Error {
  override readonly name = "CallPostponedError";
  readonly retryAfterMs: number;

  constructor(reason: string, retryAfterMs: number, cause?: unknown) {
    super(reason, { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/** How long an isolate believes that the breaker is closed: the bound on how late it sees it open. */
const leaseMilliseconds = 2000;

/** The longest pause that a provider can ask for. */
const longestPauseMs = 600_000;

interface Lease {
  closedUntil: number;
  successes: number;
}

const leases = new Map<string, Lease>();

export interface GuardedCall {
  provider: string;
  breaker: CircuitBreakerApi;
  /** Ends the retries with the task. */
  signal: AbortSignal;
  now?: () => number;
  retries?: ReturnType<typeof providerRetry>;
}

/**
 * Calls a provider through its shared circuit breaker, with retries. To the
 * breaker a call with its retries is one call, so a single hard request does not
 * open it. While it is closed it costs no hop: an isolate asks every two seconds
 * and reports its successes with that question; a failure is reported at once.
 * @throws CallPostponedError, or the ProviderError of the last try
 */
export async function guardedCall<T>(
  { provider, breaker, signal, now = Date.now, retries = providerRetry() }: GuardedCall,
  call: () => Promise<T>,
): Promise<T> {
  const { probe, lease } = await admission(provider, breaker, now());
  try {
    const value = await retries.execute(call, signal);
    // A probe closes the breaker at once; other successes go with the next question.
    if (probe === undefined) lease.successes += 1;
    else await tell(breaker, { successes: 1, failures: 0, probe });
    return value;
  } catch (error) {
    const unhealthy = error instanceof ProviderError && error.unhealthy;
    if (unhealthy) {
      const { successes } = lease;
      lease.successes = 0;
      lease.closedUntil = 0;
      await tell(breaker, { successes, failures: 1, probe });
    } else if (probe !== undefined) {
      // A refused request says that the provider is there.
      await tell(breaker, { successes: 1, failures: 0, probe });
    }
    if (error instanceof ProviderError && error.retryable && (error.retryAfterMs ?? 0) > longestWaitMs) {
      const pause = Math.min(error.retryAfterMs ?? 0, longestPauseMs);
      throw new CallPostponedError(`${provider} asks to wait`, pause, error);
    }
    throw error;
  }
}

/** The outcome of a call counts for more than the breaker's knowing of it. */
const tell = (breaker: CircuitBreakerApi, counts: CallCounts): Promise<void> =>
  breaker.record(counts).catch(() => undefined);

/** An unreachable breaker stops nobody. */
const ask = (breaker: CircuitBreakerApi, counts: CallCounts): Promise<Admission | undefined> =>
  breaker.admit(counts).catch(() => undefined);

async function admission(
  provider: string,
  breaker: CircuitBreakerApi,
  now: number,
): Promise<{ probe: number | undefined; lease: Lease }> {
  const lease = leases.get(provider) ?? { closedUntil: 0, successes: 0 };
  leases.set(provider, lease);
  if (lease.closedUntil > now) return { probe: undefined, lease };
  const { successes } = lease;
  lease.successes = 0;
  const answer = await ask(breaker, { successes, failures: 0 });
  if (!answer) return { probe: undefined, lease };
  if (!answer.allowed)
    throw new CallPostponedError(`Calls to ${provider} are suspended`, answer.retryAfterMs);
  if (answer.status === "half_open") return { probe: answer.probe, lease };
  lease.closedUntil = now + leaseMilliseconds;
  return { probe: undefined, lease };
}
