import { errorFields, type Logger } from "../observability/logger.ts";
import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";

const flushAfterMs = 120;
const flushAfterCharacters = 600;

/**
 * Forwards streamed text in batches, in order and without holding up the
 * stream. A lost batch costs live text only: the result carries all of it.
 */
export class DeltaReporter {
  readonly #send: (progress: { index: number; delta: string }) => Promise<void>;
  readonly #logger: Logger;
  #buffer = "";
  #index = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(tenant: TenantWorkflowsApi, taskId: string, attempt: number, logger: Logger) {
    this.#send = (progress) => tenant.reportProgress(taskId, attempt, progress);
    this.#logger = logger;
  }

  add(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length >= flushAfterCharacters) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushAfterMs);
  }

  /** A new try begins its text anew: listeners see index 0 again. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#buffer = "";
    this.#index = 0;
  }

  /**
   * Sends the rest. Need not be awaited before the result is reported: calls on
   * one stub arrive in the order they were made.
   */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#buffer === "") return;
    const progress = { index: this.#index++, delta: this.#buffer };
    this.#buffer = "";
    this.#send(progress).catch((error) => this.#logger.warn("text delta lost", errorFields(error)));
  }
}
