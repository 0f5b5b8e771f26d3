import type { DurableObjectNamespaces } from "#durable-objects/environment.ts";
import type { CircuitBreakerApi } from "#src/objects/circuit-breaker-api.ts";

/** The circuit breaker of a provider. */
export const circuitBreaker = (
  env: Pick<DurableObjectNamespaces, "CIRCUIT_BREAKER">,
  provider: string,
): CircuitBreakerApi => env.CIRCUIT_BREAKER.getByName(provider);
