import type { LogLevel } from "#src/kernel/log-level.ts";
import { type LogFields, lineText } from "./log-line.ts";

export type { LogFields };

/** Where log lines go. */
export interface Logs {
  write(level: LogLevel, line: LogFields): void;
}

/** JSON lines on the console, which Workers Logs collects and indexes. */
export const consoleLogs: Logs = {
  write: (level, line) => console[level](lineText(line)),
};
