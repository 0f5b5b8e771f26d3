/** A task failed for a reason of its own: bad input, a refusal, an unknown model, an answer of the wrong form. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  readonly code: string;
  readonly details: unknown;
  /** Whether another attempt may succeed; most of these fail however often they are tried. */
  readonly retryable: boolean;

  constructor(
    code: string,
    message: string,
    { details, retryable = false, cause }: { details?: unknown; retryable?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.details = details;
    this.retryable = retryable;
  }
}
