import type { BreakerStatus, CircuitBreakerApi } from "./circuit-breaker-api.ts";
import { ProviderError } from "./provider-error.ts";
import { providerRetry } from "./retry-policy.ts";

/** The provider's breaker is open: nothing was called, try again later. */
export class BreakerOpenError extends Error {
  override readonly name = "BreakerOpenError";
  readonly retryAfterMs: number;

  constructor(provider: string, retryAfterMs: number) {
    super(`Calls to ${provider} are suspended`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** How long an isolate believes that the breaker is closed: the bound on how late it sees it open. */
const leaseMilliseconds = 2000;

interface Lease {
  closedUntil: number;
  successes: number;
}

const leases = new Map<string, Lease>();

/**
 * Calls a provider through its shared circuit breaker, with retries. To the
 * breaker a call with its retries is one call, so a single hard request does not
 * open it. While it is closed it costs no hop: an isolate asks every two seconds
 * and reports its successes with that question; a failure is reported at once.
 * @throws BreakerOpenError, or the ProviderError of the last try
 */
export async function guardedCall<T>(
  provider: string,
  breaker: CircuitBreakerApi,
  call: () => Promise<T>,
  {
    now = Date.now,
    retries = providerRetry(),
  }: { now?: () => number; retries?: ReturnType<typeof providerRetry> } = {},
): Promise<T> {
  const { status, lease } = await admission(provider, breaker, now());
  try {
    const value = await retries.execute(call);
    // The probe of a half-open breaker closes it at once; other successes go with the next question.
    if (status === "half_open") await breaker.record({ successes: 1, failures: 0 });
    else lease.successes += 1;
    return value;
  } catch (error) {
    if (error instanceof ProviderError && error.unhealthy) {
      lease.closedUntil = 0;
      await breaker.record({ successes: 0, failures: 1 });
    } else if (status === "half_open") {
      // A refused request says that the provider is there.
      await breaker.record({ successes: 1, failures: 0 });
    }
    throw error;
  }
}

async function admission(
  provider: string,
  breaker: CircuitBreakerApi,
  now: number,
): Promise<{ status: BreakerStatus; lease: Lease }> {
  const lease = leases.get(provider) ?? { closedUntil: 0, successes: 0 };
  leases.set(provider, lease);
  if (lease.closedUntil > now) return { status: "closed", lease };
  const { successes } = lease;
  lease.successes = 0;
  const answer = await breaker.admit({ successes, failures: 0 });
  if (!answer.allowed) throw new BreakerOpenError(provider, answer.retryAfterMs);
  lease.closedUntil = answer.status === "closed" ? now + leaseMilliseconds : 0;
  return { status: answer.status, lease };
}
