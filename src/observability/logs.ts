import type { LogLevel } from "#src/kernel/log-level.ts";

/** Values a log line may carry: flat and plain, so no request body or secret object slips in. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;

/** Where log lines go. */
export interface Logs {
  write(level: LogLevel, line: LogFields): void;
}

/** JSON lines on the console, which Workers Logs collects and indexes. */
export const consoleLogs: Logs = {
  write: (level, line) => console[level](JSON.stringify(line)),
};
