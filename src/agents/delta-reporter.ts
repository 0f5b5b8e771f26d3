import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { TaskWork } from "#src/tasks/index.ts";
import { wholeCharacters, withoutPrefix } from "#src/text/cut-text.ts";

const flushAfterMs = 120;
const flushAfterCharacters = 600;

/**
 * Forwards streamed text in batches, in order and without holding up the
 * stream. A lost batch costs live text only: the result carries all of it.
 */
export class DeltaReporter {
  readonly #send: (progress: { index: number; delta: string }) => Promise<void>;
  readonly #logger: Logger;
  readonly #background: (work: Promise<unknown>) => void;
  #buffer = "";
  #index = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor({ assignment, tenant, logger, background }: TaskWork) {
    this.#send = (progress) => tenant.reportProgress(assignment.taskId, assignment.attempt, progress);
    this.#logger = logger;
    this.#background = background;
  }

  add(text: string): void {
    this.#buffer += text;
    if (this.#buffer.length < flushAfterCharacters) {
      this.#timer ??= setTimeout(() => this.#flush(), flushAfterMs);
      return;
    }
    clearTimeout(this.#timer);
    this.#flush();
  }

  /** A new try begins its text anew: listeners see index 0 again. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#buffer = "";
    this.#index = 0;
  }

  /** What has not been sent yet; it travels with the result. */
  rest(): { index: number; delta: string } | undefined {
    clearTimeout(this.#timer);
    return this.#buffer === "" ? undefined : { index: this.#index, delta: this.#buffer };
  }

  #flush(): void {
    this.#timer = undefined;
    const delta = wholeCharacters(this.#buffer);
    if (delta === "") return;
    const progress = { index: this.#index++, delta };
    this.#buffer = withoutPrefix(this.#buffer, delta);
    this.#background(
      this.#send(progress).catch((error) => this.#logger.warn("text delta lost", errorFields(error))),
    );
  }
}
