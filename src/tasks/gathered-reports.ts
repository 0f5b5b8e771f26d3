import type { TaskCompletion } from "#src/engine/task-report.ts";
import { waitAtMost } from "#src/kernel/wait-at-most.ts";
import { completionReportSchema } from "#src/objects/rpc-schemas.ts";
import type { CompletionReport, TasksApi } from "#src/objects/tasks-api.ts";

/** A report that takes longer holds up the next one no longer. */
const patienceMs = 100;

interface Waiting {
  completion: TaskCompletion;
  resolve(report: CompletionReport): void;
  reject(error: unknown): void;
}

/**
 * Hands results in to one tenant object. What is done while a report is under
 * way goes together with the next one: the busier the object, the fewer calls it gets.
 */
export class GatheredReports {
  readonly #tenant: () => Pick<TasksApi, "completeTasks">;
  #waiting: Waiting[] = [];
  #isBusy = false;

  /** @param tenant gives a fresh stub each time: one that has failed once stays broken */
  constructor(tenant: () => Pick<TasksApi, "completeTasks">) {
    this.#tenant = tenant;
  }

  /** What `completeTasks` says of this one. Rejects when the report did not come through. */
  complete(completion: TaskCompletion): Promise<CompletionReport> {
    const { promise, resolve, reject } = Promise.withResolvers<CompletionReport>();
    this.#waiting.push({ completion, resolve, reject });
    if (!this.#isBusy) void this.#send();
    return promise;
  }

  async #send(): Promise<void> {
    this.#isBusy = true;
    // What is done in the same turn goes with the first report.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const together = this.#waiting;
      this.#waiting = [];
      await waitAtMost(this.#report(together), patienceMs);
    }
    this.#isBusy = false;
  }

  /** A report that fails is made again for each result by itself, so that none is lost for another's sake. */
  async #report(together: readonly Waiting[]): Promise<void> {
    try {
      const reports = await this.#tenant().completeTasks(together.map(({ completion }) => completion));
      for (const [index, { resolve }] of together.entries())
        resolve(completionReportSchema.parse(reports[index] ?? { applied: false }));
    } catch (error) {
      const [only, ...others] = together;
      if (others.length === 0) only?.reject(error);
      else await Promise.all(together.map((one) => this.#report([one])));
    }
  }
}
