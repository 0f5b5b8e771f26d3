import type { LogLevel } from "#src/kernel/log-level.ts";
import type { Batch } from "#src/observability/hand-over.ts";
import type { LogLine } from "#src/observability/log-line.ts";

/** The name of the object that keeps log lines: there is one for the platform. */
export const logRingName = "platform";

/** Which lines are wanted: those of which all that is given is so. */
export interface LogFilter {
  service?: string;
  /** The least severe level. */
  level?: LogLevel;
  /** Epoch milliseconds. */
  since?: number;
  requestId?: string;
  correlationId?: string;
}

/** A line with its number, which counts lines as they arrive. */
export interface KeptLine {
  seq: number;
  line: LogLine;
}

/** The last lines that all Workers and objects have logged (docs/operations.md#logs). */
export interface LogRingApi {
  /** Keeps lines, each as one line of JSON: once, however often the batch comes. */
  take(batch: Batch<string>): Promise<void>;
  /** The latest lines that are wanted, the latest first. */
  read(filter: LogFilter, page: { before?: number; limit: number }): Promise<KeptLine[]>;
  /**
   * Lines after a number that are wanted, the earliest first; waits for some.
   * @param after undefined for those that come from now on
   * @returns with the number after which to go on
   */
  waitFor(
    filter: LogFilter,
    after: number | undefined,
    timeoutMs: number,
  ): Promise<{ lines: KeptLine[]; last: number }>;
}
