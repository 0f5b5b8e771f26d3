import type { ContentLimit } from "#src/engine/start-run.ts";
import { type Marks, marks as names } from "../marks.ts";
import type { RunStore } from "../runs/run-store.ts";
import type { RunHistory } from "./run-history.ts";

/** How many executions a user may complete in a billing period: what is being made counts as well. */
export class ContentQuota {
  readonly #sql: SqlStorage;
  readonly #marks: Marks;
  readonly #history: RunHistory;
  readonly #runs: RunStore;

  constructor(sql: SqlStorage, marks: Marks, history: RunHistory, runs: RunStore) {
    this.#sql = sql;
    this.#marks = marks;
    this.#history = history;
    this.#runs = runs;
  }

  /** Whether one more may begin. Asked in the turn that starts it, so that many at once are no more than one by one. */
  hasRoom(userId: string, { max, periodStart, elsewhere }: ContentLimit): boolean {
    return elsewhere + this.#used(userId, periodStart, max) < max;
  }

  #used(userId: string, since: number, most: number): number {
    if (this.#marks.get(names.wholeHistory) === 0) return this.#usedOfOld(userId, since);
    return this.#history.completedSince(userId, since, most) + this.#runs.countActiveOf(userId, most);
  }

  /** While runs of before are not in the history: those that the object has itself count from its own table. */
  #usedOfOld(userId: string, since: number): number {
    return this.#sql
      .exec<{ n: number }>(
        `SELECT count(*) AS n FROM (
           SELECT correlation_id FROM history
             WHERE user_id = ?1 AND (completed_at IS NULL OR (completed_at >= ?2 AND status = 'completed'))
           UNION SELECT id FROM runs WHERE user_id = ?1 AND root_id IS NULL
             AND (status IN ('pending', 'running', 'paused')
               OR (status = 'completed' AND coalesce(ended_at, completed_at) >= ?2)))`,
        userId,
        since,
      )
      .one().n;
  }
}
