import type { CircuitBreakerApi } from "../../src/providers/circuit-breaker-api.ts";
import type { DurableObjectNamespaces } from "../environment.ts";

/** The circuit breaker of a provider. */
export const circuitBreaker = (
  env: Pick<DurableObjectNamespaces, "CIRCUIT_BREAKER">,
  provider: string,
): CircuitBreakerApi => env.CIRCUIT_BREAKER.getByName(provider);
