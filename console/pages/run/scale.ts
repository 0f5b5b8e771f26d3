import type { RunView, Task } from "../../data/runs.ts";

/** Where moments lie on a line from 0 to 1. */
export interface Scale {
  start: number;
  /** Milliseconds. */
  length: number;
  /** Whether a wait would flatten everything else, so that each step has a scale of its own. */
  isByStep: boolean;
}

interface Span {
  started_at: string | null;
  completed_at: string | null;
}

/** A piece of a bar, as shares of the line; waiting is drawn lighter than working. */
export interface Bar {
  from: number;
  length: number;
  isWaiting: boolean;
}

/** When the work of others is shorter than this share of a run that waited for somebody, it is not to be seen. */
const flattened = 0.15;

const timeOf = (iso: string): number => Date.parse(iso);

/** The line of a run: from its beginning to its end, or to now. */
export function scaleOf(run: Pick<RunView, "created_at" | "completed_at" | "steps">, now: number): Scale {
  const start = timeOf(run.created_at);
  const end = run.completed_at === null ? now : timeOf(run.completed_at);
  const length = Math.max(1, end - start);
  const waited = run.steps
    .filter(({ action }) => action === "pause_for_human_input")
    .reduce((sum, step) => sum + (lengthOf(step, now) ?? 0), 0);
  return { start, length, isByStep: waited > 0 && length - waited < length * flattened };
}

function lengthOf({ started_at, completed_at }: Span, now: number): number | undefined {
  if (started_at === null) return undefined;
  return Math.max(0, (completed_at === null ? now : timeOf(completed_at)) - timeOf(started_at));
}

/** The pieces of a step's or task's bar: of its attempts where there is one task, else one piece. */
export function barsOf(
  span: Span,
  task: Pick<Task, "attempts"> | undefined,
  scale: Scale,
  now: number,
): Bar[] {
  const length = lengthOf(span, now);
  if (length === undefined || span.started_at === null) return [];
  const start = timeOf(span.started_at);
  const whole = scale.isByStep ? Math.max(1, length) : scale.length;
  const zero = scale.isByStep ? start : scale.start;
  const piece = (from: number, to: number, isWaiting: boolean): Bar => ({
    from: clamp((from - zero) / whole),
    length: clamp((to - from) / whole),
    isWaiting,
  });
  const attempts = task?.attempts ?? [];
  if (attempts.length === 0) return [piece(start, start + length, false)];
  return attempts.flatMap(({ dispatched_at, claimed_at, ended_at }) => {
    if (dispatched_at === null) return [];
    const end = ended_at === null ? now : timeOf(ended_at);
    const claimed = claimed_at === null ? end : timeOf(claimed_at);
    const waiting = piece(timeOf(dispatched_at), claimed, true);
    const working = piece(claimed, end, false);
    return [...(waiting.length > 0.005 ? [waiting] : []), ...(end > claimed ? [working] : [])];
  });
}

const clamp = (share: number): number => Math.min(1, Math.max(0, share));
