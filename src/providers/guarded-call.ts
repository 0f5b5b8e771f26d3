import { TaskError } from "#src/engine/task-error.ts";
import { maxDeferralMs } from "#src/engine/task-report.ts";
import type { Admission, CallCounts, CircuitBreakerApi } from "#src/objects/circuit-breaker-api.ts";
import { ProviderError } from "./provider-error.ts";
import { maxWaitMs, providerRetry } from "./retry-policy.ts";
import type { ServiceCall } from "./service-call.ts";

/** Not now: the breaker is open, the provider is off, or asked for more patience than a Worker has. The task is unharmed. */
export class CallPostponedError extends Error {
  override readonly name = "CallPostponedError";
  readonly retryAfterMs: number;
  /** Whether it is only until another call has found out about the provider, or the operator switches it on. */
  readonly isFree: boolean;

  constructor(reason: string, retryAfterMs: number, isFree = false) {
    super(reason);
    this.retryAfterMs = retryAfterMs;
    this.isFree = isFree;
  }
}

/** How long an isolate believes that the breaker is closed: the bound on how late it sees it open. */
const leaseMilliseconds = 2000;

interface Lease {
  closedUntil: number;
  successes: number;
}

const leases = new Map<string, Lease>();

/** Who watches the tries of a call. */
export interface CallWatch {
  /** A try begins; gives the trace that it is part of (W3C), and whom to tell how it ends. */
  begin(provider: string): { traceparent: string; end(error?: unknown): void };
}

export interface GuardedCall {
  provider: string;
  breaker: CircuitBreakerApi;
  /** Ends the retries with the task. */
  signal: AbortSignal;
  /** When the task is over, in epoch milliseconds. */
  deadline?: number;
  watch?: CallWatch;
  now?: () => number;
  retries?: ReturnType<typeof providerRetry>;
}

/** A provider's service with what its calls go through: the breaker that all isolates share. */
export interface Guarded<T> extends Pick<GuardedCall, "provider" | "breaker"> {
  service: T;
}

/**
 * Calls a provider through its shared circuit breaker, with retries. To the
 * breaker a call with its retries is one call, so a single hard request does not
 * open it. While it is closed it costs no hop: an isolate asks every two seconds
 * and reports its successes with that question; a failure is reported at once.
 * @throws CallPostponedError; TaskError `UPSTREAM_UNAVAILABLE` where the provider asks for more patience than the
 *   task has; or the ProviderError of the last try
 */
export async function guardedCall<T>(
  {
    provider,
    breaker,
    signal,
    deadline = Number.POSITIVE_INFINITY,
    watch,
    now = Date.now,
    retries = providerRetry(() => deadline - now()),
  }: GuardedCall,
  call: (tried: Pick<ServiceCall, "traceparent">) => Promise<T>,
): Promise<T> {
  const { probe, lease } = await admission(provider, breaker, now());
  try {
    const value = await retries.execute(() => watched(provider, watch, call), signal);
    await noteSuccess(breaker, lease, probe);
    return value;
  } catch (error) {
    // A refused request says that the provider is there; of what nobody foresaw, nobody can say so.
    if (error instanceof ProviderError && !error.unhealthy) await noteSuccess(breaker, lease, probe);
    else {
      const { successes } = lease;
      lease.successes = 0;
      lease.closedUntil = 0;
      await tell(breaker, { successes, failures: 1, probe });
    }
    throw error instanceof ProviderError ? patience(provider, error, deadline - now()) : error;
  }
}

/** One try, told to whoever watches. */
async function watched<T>(
  provider: string,
  watch: CallWatch | undefined,
  call: (tried: Pick<ServiceCall, "traceparent">) => Promise<T>,
): Promise<T> {
  const tried = watch?.begin(provider);
  try {
    const value = await call({ traceparent: tried?.traceparent });
    tried?.end();
    return value;
  } catch (error) {
    tried?.end(error);
    throw error;
  }
}

/** A probe closes the breaker at once; other successes go with the next question. */
async function noteSuccess(
  breaker: CircuitBreakerApi,
  lease: Lease,
  probe: number | undefined,
): Promise<void> {
  if (probe === undefined) lease.successes += 1;
  else await tell(breaker, { successes: 1, failures: 0, probe });
}

/** What a failure means for the task, by how long the provider asks to wait: that is never cut short. */
function patience(provider: string, error: ProviderError, timeLeft: number): Error {
  const { retryable, retryAfterMs: asked = 0 } = error;
  if (!retryable || asked === 0 || asked <= Math.min(maxWaitMs, timeLeft)) return error;
  if (asked <= Math.min(maxDeferralMs, timeLeft))
    return new CallPostponedError(`${provider} asks to wait`, asked);
  return new TaskError("UPSTREAM_UNAVAILABLE", `${provider} asks to wait for longer than the task may take`, {
    details: { retry_after_seconds: Math.ceil(asked / 1000) },
  });
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
    throw new CallPostponedError(
      `Calls to ${provider} are suspended`,
      answer.retryAfterMs,
      answer.status === "half_open" || answer.status === "off",
    );
  if (answer.status === "half_open") return { probe: answer.probe, lease };
  lease.closedUntil = now + leaseMilliseconds;
  return { probe: undefined, lease };
}
