/** So long a holder may leave somebody without an answer, where the tenant does not say otherwise; seconds. */
export const defaultIdleSeconds = 3600;

/** What is known of somebody who holds a conversation. Times in epoch milliseconds. */
export interface Watched {
  /** Since when they hold it. */
  since: number;
  /** 0: as long as they like. */
  idleSeconds: number;
  /** When the first message was written that they have left unanswered. */
  unansweredSince: number;
}

/**
 * When a holder counts as absent who does not answer until then. What was already waiting when they came waits for them
 * from then on.
 */
export const absentAt = ({ since, idleSeconds, unansweredSince }: Watched): number =>
  idleSeconds === 0 ? Number.POSITIVE_INFINITY : Math.max(since, unansweredSince) + idleSeconds * 1000;
