import type { Metrics } from "#src/observability/metrics/metrics.ts";
import { childOf, formatTraceparent, type TraceContext } from "#src/observability/trace-context.ts";
import type { CallWatch } from "#src/providers/index.ts";
import type { UsageMeter } from "./usage-meter.ts";

/** The calls of providers that one attempt of a task makes: each is part of its trace, counted, and its time is on its meter. */
export class TaskCalls implements CallWatch {
  readonly #trace: TraceContext;
  readonly #meter: UsageMeter;
  readonly #metrics: Metrics;

  /** @param trace the attempt's own */
  constructor(trace: TraceContext, meter: UsageMeter, metrics: Metrics) {
    this.#trace = trace;
    this.#meter = meter;
    this.#metrics = metrics;
  }

  begin(provider: string): ReturnType<CallWatch["begin"]> {
    const startedAt = Date.now();
    return {
      traceparent: formatTraceparent(childOf(this.#trace)),
      end: (error) => {
        const ms = Date.now() - startedAt;
        this.#meter.addCall(ms);
        const status = error === undefined ? "ok" : "failed";
        this.#metrics.count("ai_persona_ai_service_requests_total", { provider, status });
        this.#metrics.observe("ai_persona_ai_service_latency_seconds", { provider }, ms / 1000);
      },
    };
  }
}
