import { AnswerTooLargeError } from "#src/http/bounded-fetch.ts";

/** Why a call did not come about, or its answer counts for nothing (docs/egress.md#what-is-refused). */
export type EgressFailure =
  /** The guard does not let it out. */
  | "TARGET_REFUSED"
  | "REQUEST_TOO_LARGE"
  | "NAME_UNRESOLVED"
  | "UNREACHABLE"
  | "TIMEOUT"
  | "REDIRECTED"
  | "ANSWER_TOO_LARGE";

interface EgressErrorOptions extends ErrorOptions {
  /** The status that was answered, if anything was. */
  status?: number;
}

/** A call to a URL that somebody gave us failed. The message is for whoever gave it. */
export class EgressError extends Error {
  override readonly name = "EgressError";
  readonly failure: EgressFailure;
  readonly status: number | undefined;

  constructor(failure: EgressFailure, message: string, { status, ...options }: EgressErrorOptions = {}) {
    super(message, options);
    this.failure = failure;
    this.status = status;
  }
}

/** What went wrong on the way out, or while the answer was read, in words of our own. */
export function egressErrorOf(cause: unknown): EgressError {
  if (cause instanceof EgressError) return cause;
  if (cause instanceof AnswerTooLargeError)
    return new EgressError("ANSWER_TOO_LARGE", "The answer is too large", { cause });
  if (cause instanceof DOMException && cause.name === "TimeoutError")
    return new EgressError("TIMEOUT", "No answer in time", { cause });
  return new EgressError("UNREACHABLE", "Could not be reached", { cause });
}
