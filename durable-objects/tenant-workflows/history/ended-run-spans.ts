import type { RunState } from "#src/engine/run-state.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import { spansOfRun } from "#src/objects/run-spans.ts";
import { taskViewsOf } from "#src/objects/task-projection.ts";
import { spanOfAttempt, traceOf } from "#src/objects/trace-projection.ts";
import type { Spans } from "#src/observability/spans/span.ts";
import { parseTraceparent } from "#src/observability/trace-context.ts";
import type { RunStore } from "../runs/run-store.ts";

/**
 * Records a run that has just ended as spans of its trace, unless whoever began it has said that nobody wants them
 * (docs/operations.md#traces). They are what its views say, so that nothing is stored for it.
 */
export function recordEndedRun(spans: Spans, runs: Pick<RunStore, "childrenOf">, run: RunState): void {
  const { header } = run;
  const context = parseTraceparent(header.traceparent);
  if (!context?.sampled) return;
  const children = runs.childrenOf(run);
  const { parent, clientId, instanceId } = header;
  const trace = traceOf(viewOf(run, children), taskViewsOf(run, children));
  const parentId = parent ? spanOfAttempt(parent.taskId, parent.attempt) : context.spanId;
  for (const span of spansOfRun({ trace, traceId: context.traceId, parentId, clientId, instanceId }))
    spans.record(span);
}
