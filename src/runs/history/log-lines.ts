import { type LogRows, type RunRow, runCopyOf } from "#src/history/index.ts";
import type { PageRequest, Position } from "#src/http/page.ts";
import { type LogLine, lineOfAttempt, lineOfBeginning, lineOfEnd } from "#src/objects/log-lines.ts";
import type { UsageRecord } from "#src/objects/platform-message.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";

/** Beginnings of keys of log lines: of what happens in one millisecond, the end of a run comes last. */
const logKinds = { begun: "a:", attempts: "b:", ended: "c:" } as const;

/** Where each source goes on when the log does behind a line. */
export function logPages({ after, limit }: PageRequest): Record<keyof LogRows, PageRequest> {
  const pageOfKind = (kind: string): PageRequest => ({ after: after && within(after, kind), limit });
  return {
    begun: pageOfKind(logKinds.begun),
    attempts: pageOfKind(logKinds.attempts),
    ended: pageOfKind(logKinds.ended),
  };
}

/** A place in the log as one in a source: behind a line of its own kind; else behind all of that moment, or before it. */
const within = ([at, key]: Position, kind: string): Position =>
  key.startsWith(kind) ? [at, withoutPrefix(key, kind)] : [at, key < kind ? "" : "\uffff"];

interface Placed {
  position: Position;
  line: LogLine;
}

const runBegun = (run: RunRow): Placed => ({
  position: [run.createdAt, `${logKinds.begun}${run.correlationId}`],
  line: lineOfBeginning(runCopyOf(run)),
});

function runEnded(run: RunRow): Placed[] {
  const line = lineOfEnd(runCopyOf(run));
  const { completedAt, correlationId } = run;
  return line && completedAt !== null
    ? [{ position: [completedAt, `${logKinds.ended}${correlationId}`], line }]
    : [];
}

const task = (row: UsageRecord): Placed => ({
  position: [row.created_at, `${logKinds.attempts}${row.id}`],
  line: lineOfAttempt(row),
});

/** Log lines of an instance's runs from their three sources, newest first. */
export const logLines = ({ begun, attempts, ended }: LogRows): Placed[] =>
  [...begun.map(runBegun), ...attempts.map(task), ...ended.flatMap(runEnded)].sort(
    ({ position: [a, aKey] }, { position: [b, bKey] }) => b - a || (aKey < bKey ? 1 : -1),
  );
