import { Idempotency } from "#durable-objects/tenant-workflows/runs/idempotency.ts";
import { TaskLeases } from "#durable-objects/tenant-workflows/tasks/task-leases.ts";

/** Ways in which the shell can be wrong; for tests that show that the rules notice. */
export interface BrokenShell {
  /** A process that dies leaves half of what it was writing. */
  writesHalf?: boolean;
  /** Whoever asks gets the lease. */
  leasesToAll?: boolean;
  /** Passes on reports about tasks that are over. */
  findsClosed?: boolean;
  /** Notes what it has sent before it sends it. */
  marksFirst?: boolean;
  /** Sends only what has just gone out, and never looks for what has been lost. */
  neverLooksAgain?: boolean;
  /** Believes that an alarm which was once set will ring. */
  neverRearms?: boolean;
  /** Takes a repeated answer for another one. */
  forgetsAnswers?: boolean;
}

export class ForgetsAnswers extends Idempotency {
  override find(key: string, now: number) {
    return key.startsWith("answer") ? undefined : super.find(key, now);
  }
}

export class LeasesToAll extends TaskLeases {
  override claim(taskId: string, now: number): boolean {
    super.take(taskId, now);
    return true;
  }
}

export class FindsClosed extends TaskLeases {
  readonly #every: SqlStorage;

  constructor(...[sql, places]: ConstructorParameters<typeof TaskLeases>) {
    super(sql, places);
    this.#every = sql;
  }

  override runOfOpen(taskId: string): string | undefined {
    const query = "SELECT run_id FROM tasks WHERE id = ?";
    return this.#every.exec<{ run_id: string }>(query, taskId).toArray()[0]?.run_id;
  }
}
