import type { MetricDimension, MetricName } from "#src/kernel/analytics-words.ts";

/** What has to happen for a step: an event, and what it is told by. */
export interface FunnelStep {
  event: MetricName;
  where?: Partial<Record<MetricDimension, string>>;
}

/** How far somebody has come: how many steps they have taken, when the first, and when the last. */
export interface Progress {
  step: number;
  since: number;
  at: number;
}

/** Something that somebody has done. */
export interface Done {
  at: number;
  metric: string;
  by: Readonly<Partial<Record<string, string>>>;
}

/** A step that was taken, and how long after the one before. */
export interface Taken {
  /** From 1. */
  step: number;
  at: number;
  afterMs: number;
}

const fits = ({ event, where = {} }: FunnelStep, { metric, by }: Done): boolean =>
  metric === event && Object.entries(where).every(([dimension, value]) => by[dimension] === value);

/**
 * One thing that somebody does, taken as the next step where it is that, within the funnel's window since the first. Once
 * the window has passed without the end, the first step may be taken anew; nobody who has come to the end does.
 */
export function advance(
  steps: readonly FunnelStep[],
  windowMs: number,
  progress: Progress | undefined,
  done: Done,
): { progress: Progress | undefined; taken?: Taken } {
  if (progress && progress.step >= steps.length) return { progress };
  const isOver = progress !== undefined && done.at > progress.since + windowMs;
  const known = isOver ? undefined : progress;
  const next = steps[known?.step ?? 0];
  if (!next || !fits(next, done) || (known && done.at < known.at)) return { progress };
  const step = (known?.step ?? 0) + 1;
  return {
    progress: { step, since: known?.since ?? done.at, at: done.at },
    taken: { step, at: done.at, afterMs: known ? done.at - known.at : 0 },
  };
}
