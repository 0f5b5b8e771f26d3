import type { RunTrace, TraceSpan } from "#src/engine/run-trace.ts";
import type { RunView } from "#src/engine/run-view.ts";
import type { AttemptView, TaskView } from "#src/engine/task-view.ts";
import { spanIdOf } from "#src/observability/trace-context.ts";

/** More of them nobody looks at; a `for_each` has a thousand items, each with several attempts. */
export const maxSpans = 2000;

const ofNoTask = {
  queue_ms: null,
  provider_ms: null,
  task_id: null,
  attempt: null,
  child_id: null,
} as const;

/** The span of a run. */
export const spanOfRun = (runId: string): string => spanIdOf(runId);

/** The span of an attempt, known to whoever carries it out. Given back unharmed, the same attempt comes several times. */
export const spanOfAttempt = (taskId: string, attempt: number, time = 1): string =>
  spanIdOf(`${taskId}:${attempt}${time === 1 ? "" : `:${time}`}`);

/** Milliseconds between two times; none where the clock was set back. */
const between = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));

const brief = (error: TraceSpan["error"]): TraceSpan["error"] =>
  error && { code: error.code, message: error.message };

function attemptsOf({ id, action, attempts, child_id }: TaskView, parentId: string): TraceSpan[] {
  return attempts.flatMap((view: AttemptView, index): TraceSpan[] => {
    const { attempt, status, dispatched_at, claimed_at, ended_at, provider_ms, error } = view;
    if (dispatched_at === null) return [];
    const time = attempts.slice(0, index).filter((earlier) => earlier.attempt === attempt).length + 1;
    return [
      {
        id: spanOfAttempt(id, attempt, time),
        parent_id: parentId,
        kind: "attempt",
        name: action,
        started_at: dispatched_at,
        ended_at,
        status,
        queue_ms: between(dispatched_at, claimed_at ?? ended_at),
        provider_ms,
        task_id: id,
        attempt,
        child_id: index === attempts.length - 1 ? child_id : null,
        error: brief(error),
      },
    ];
  });
}

/** A run's steps and attempts as spans of its trace: what stands in its views, so that nothing is stored for it. */
export function traceOf(run: RunView, tasks: readonly TaskView[]): RunTrace {
  const { correlation_id, trace_id, status, created_at, completed_at } = run;
  const ofWhole: TraceSpan = {
    ...ofNoTask,
    id: spanOfRun(correlation_id),
    parent_id: null,
    kind: "run",
    name: "run",
    started_at: created_at,
    ended_at: completed_at,
    status,
    error: brief(run.error),
  };
  const byStep = Map.groupBy(tasks, ({ step }) => step);
  const ofSteps = run.steps.flatMap(({ name, status, started_at, completed_at, error }): TraceSpan[] => {
    if (started_at === null) return [];
    const id = spanIdOf(`${correlation_id}.${name}`);
    const step: TraceSpan = {
      ...ofNoTask,
      id,
      parent_id: ofWhole.id,
      kind: "step",
      name,
      started_at,
      ended_at: completed_at,
      status,
      error: brief(error),
    };
    return [step, ...(byStep.get(name) ?? []).flatMap((task) => attemptsOf(task, id))];
  });
  const spans = [ofWhole, ...ofSteps];
  return {
    correlation_id,
    trace_id,
    status,
    started_at: created_at,
    ended_at: completed_at,
    duration_ms: between(created_at, completed_at),
    spans: spans.slice(0, maxSpans),
    omitted: Math.max(0, spans.length - maxSpans),
  };
}
