import { DurableObject } from "cloudflare:workers";
import { isoTimeOrNull } from "#src/kernel/clock.ts";
import { type ObjectPlatformBindings, objectLogger } from "#src/object-platform.ts";
import {
  type Admission,
  type BreakerView,
  type CallCounts,
  type CircuitBreakerApi,
  callCountsSchema,
} from "#src/objects/circuit-breaker-api.ts";
import type { Logger } from "#src/observability/logger.ts";
import { admit, afterCalls, type BreakerState, closedBreaker } from "#src/providers/index.ts";

const key = "state";
const switchKey = "switch";

/** What the operator has said last. */
interface Switch {
  isOff: boolean;
  version: number;
}

/** How long a task waits before it asks again whether its provider is on. */
const offMs = 30_000;

/** The circuit breaker of one provider; what it decides is in src/providers/breaker-state.ts. */
export class CircuitBreaker extends DurableObject<ObjectPlatformBindings> implements CircuitBreakerApi {
  #state: BreakerState;
  #switch: Switch;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    this.#state = { ...closedBreaker, ...ctx.storage.kv.get<BreakerState>(key) };
    this.#switch = ctx.storage.kv.get<Switch>(switchKey) ?? { isOff: false, version: 0 };
  }

  async admit(since: CallCounts): Promise<Admission> {
    const now = Date.now();
    const counted = afterCalls(this.#state, callCountsSchema.parse(since), now);
    if (this.#switch.isOff) {
      this.#keep(counted);
      return { allowed: false, status: "off", retryAfterMs: offMs };
    }
    const { state, admission } = admit(counted, now);
    this.#keep(state);
    return admission;
  }

  async record(counts: CallCounts): Promise<void> {
    this.#keep(afterCalls(this.#state, callCountsSchema.parse(counts), Date.now()));
  }

  async view(): Promise<BreakerView> {
    const { status, consecutiveFailures, trips, retryAt } = this.#state;
    const { isOff } = this.#switch;
    return { provider: this.ctx.id.name ?? "", status, consecutiveFailures, trips, retryAt, isOff };
  }

  async switchOff(isOff: boolean, version: number): Promise<void> {
    if (version <= this.#switch.version) return;
    this.#switch = { isOff, version };
    this.ctx.storage.kv.put(switchKey, this.#switch);
    this.#logger.warn(isOff ? "provider switched off" : "provider switched on");
  }

  get #logger(): Logger {
    return objectLogger(this.env, this.ctx, "circuit-breaker", { provider: this.ctx.id.name });
  }

  #tell({ status, consecutiveFailures, trips, retryAt }: BreakerState): void {
    if (status === "open")
      this.#logger.warn("breaker opened", {
        consecutive_failures: consecutiveFailures,
        trips,
        retry_at: isoTimeOrNull(retryAt),
      });
    else if (status === "half_open") this.#logger.info("breaker half-open");
    else this.#logger.info("breaker closed", { trips });
  }

  #keep(state: BreakerState): void {
    if (state === this.#state) return;
    if (state.status !== this.#state.status) this.#tell(state);
    this.#state = state;
    this.ctx.storage.kv.put(key, state);
  }
}
