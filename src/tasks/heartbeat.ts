import type { TaskAddress } from "#src/engine/task-report.ts";
import type { TasksApi } from "#src/objects/tasks-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";

/** Lease of an object that does not say how long it is. */
const oldLeaseMs = 5000;
/** Beats in the time of a lease: it survives the loss of one. */
const beatsPerLease = 3;

/** Keeps the leases of the tasks of one tenant object alive while they are worked on, all with one call. */
export class Heartbeat {
  readonly #tenant: () => Pick<TasksApi, "renewTasks">;
  readonly #logger: Logger;
  readonly #open = new Set<TaskAddress>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param tenant gives a fresh stub each time: one that has failed once stays broken */
  constructor(tenant: () => Pick<TasksApi, "renewTasks">, logger: Logger) {
    this.#tenant = tenant;
    this.#logger = logger;
  }

  /**
   * Does the work of a task with its lease kept alive.
   * @param leaseMs the same for all tasks of the object
   */
  async during<T>(address: TaskAddress, leaseMs = oldLeaseMs, work: () => Promise<T>): Promise<T> {
    this.#open.add(address);
    this.#timer ??= setInterval(() => this.#beat(), leaseMs / beatsPerLease);
    try {
      return await work();
    } finally {
      this.#open.delete(address);
      if (this.#open.size === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
    }
  }

  #beat(): void {
    this.#tenant()
      .renewTasks([...this.#open])
      .catch((error) => this.#logger.warn("heartbeat failed", errorFields(error)));
  }
}
