import type { TaskUsage } from "../workflows/task-report.ts";

/** A task that cannot succeed however often it is tried: bad input, a refusal, an unknown model. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  readonly code: string;
  readonly details: unknown;
  readonly usage: TaskUsage | undefined;

  constructor(
    code: string,
    message: string,
    { details, usage }: { details?: unknown; usage?: TaskUsage } = {},
  ) {
    super(message);
    this.code = code;
    this.details = details;
    this.usage = usage;
  }
}
