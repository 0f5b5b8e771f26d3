import type { RunTrace, TraceSpan } from "#src/engine/run-trace.ts";
import type { Span } from "#src/observability/spans/span.ts";

/** What a run's spans are named by. */
interface Run {
  trace: RunTrace;
  traceId: string;
  /** The span of the request that began it; of a child run, of the attempt that it carries out. */
  parentId: string;
  clientId: string;
  instanceId: string | null;
}

const kinds = { run: "internal", step: "internal", attempt: "consumer" } as const;

/** A run that has ended as spans of its trace, with the ids that `GET …/trace` shows. */
export function spansOfRun({ trace, traceId, parentId, clientId, instanceId }: Run): Span[] {
  const endedAt = Date.parse(trace.ended_at ?? trace.started_at);
  return trace.spans.map((span) => ({
    traceId,
    spanId: span.id,
    parentId: span.parent_id ?? parentId,
    service: "tenant-workflows",
    name: span.kind === "run" ? "execution" : `${span.kind} ${span.name}`,
    kind: kinds[span.kind],
    startedAt: Date.parse(span.started_at),
    endedAt: span.ended_at === null ? endedAt : Date.parse(span.ended_at),
    attributes: {
      "persona.client_id": clientId,
      "persona.correlation_id": trace.correlation_id,
      "persona.status": span.status,
      ...(instanceId !== null && { "persona.instance_id": instanceId }),
      ...ofAttempt(span),
    },
    error: span.error && `${span.error.code}: ${span.error.message}`,
  }));
}

const ofAttempt = ({ task_id, attempt, queue_ms, provider_ms }: TraceSpan): Span["attributes"] => ({
  ...(task_id !== null && { "persona.task_id": task_id }),
  ...(attempt !== null && { "persona.attempt": attempt }),
  ...(queue_ms !== null && { "persona.queue_ms": queue_ms }),
  ...(provider_ms !== null && { "persona.provider_ms": provider_ms }),
});
