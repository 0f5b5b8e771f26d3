import type { LogFilter, LogRingApi } from "#src/objects/log-ring-api.ts";
import { logEntry } from "./log-entry.ts";
import type { LogEntry } from "./schemas.ts";

/** What a stream of lines says next. */
export type LogFrame =
  | { type: "line"; seq: number; entry: LogEntry }
  /** There was nothing; whoever comes back later goes on after this number. */
  | { type: "quiet"; seq: number };

/**
 * The lines that are wanted, as they come.
 * @param after the number of the last line that is known; undefined for those that come from now on
 * @param quietMs how long to wait for a line, in milliseconds
 */
export async function* followLogs(
  ring: Pick<LogRingApi, "waitFor">,
  filter: LogFilter,
  after: number | undefined,
  quietMs: number,
): AsyncGenerator<LogFrame> {
  for (let seq = after; ; ) {
    const { lines, last } = await ring.waitFor(filter, seq, quietMs);
    seq = last;
    for (const { seq: number, line } of lines) yield { type: "line", seq: number, entry: logEntry(line) };
    if (lines.length === 0) yield { type: "quiet", seq };
  }
}
