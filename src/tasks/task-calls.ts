import { childOf, formatTraceparent, type TraceContext } from "#src/observability/trace-context.ts";
import type { CallWatch } from "#src/providers/index.ts";
import type { UsageMeter } from "./usage-meter.ts";

/** The calls of providers that one attempt of a task makes: each is part of its trace, and its time is on its meter. */
export class TaskCalls implements CallWatch {
  readonly #trace: TraceContext;
  readonly #meter: UsageMeter;

  /** @param trace the attempt's own */
  constructor(trace: TraceContext, meter: UsageMeter) {
    this.#trace = trace;
    this.#meter = meter;
  }

  begin(_provider: string): ReturnType<CallWatch["begin"]> {
    const startedAt = Date.now();
    return {
      traceparent: formatTraceparent(childOf(this.#trace)),
      end: () => this.#meter.addCall(Date.now() - startedAt),
    };
  }
}
