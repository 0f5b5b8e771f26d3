import { DurableObject } from "cloudflare:workers";
import {
  type Admission,
  type BreakerView,
  type CallCounts,
  type CircuitBreakerApi,
  callCountsSchema,
} from "#src/objects/circuit-breaker-api.ts";
import { admit, afterCalls, type BreakerState, closedBreaker } from "#src/providers/index.ts";

const key = "state";

/** The circuit breaker of one provider; what it decides is in src/providers/breaker-state.ts. */
export class CircuitBreaker extends DurableObject<unknown> implements CircuitBreakerApi {
  #state: BreakerState;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#state = { ...closedBreaker, ...ctx.storage.kv.get<BreakerState>(key) };
  }

  async admit(since: CallCounts): Promise<Admission> {
    const now = Date.now();
    const { state, admission } = admit(afterCalls(this.#state, callCountsSchema.parse(since), now), now);
    this.#keep(state);
    return admission;
  }

  async record(counts: CallCounts): Promise<void> {
    this.#keep(afterCalls(this.#state, callCountsSchema.parse(counts), Date.now()));
  }

  async view(): Promise<BreakerView> {
    const { status, consecutiveFailures, trips, retryAt } = this.#state;
    return { provider: this.ctx.id.name ?? "", status, consecutiveFailures, trips, retryAt };
  }

  #keep(state: BreakerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.ctx.storage.kv.put(key, state);
  }
}
