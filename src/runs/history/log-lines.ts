import type { LogRows, RunRow } from "#src/history/index.ts";
import type { PageRequest, Position } from "#src/http/page.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { UsageRecord } from "#src/objects/platform-message.ts";
import { afterLast, withoutPrefix } from "#src/text/cut-text.ts";
import type { LogLine } from "./schemas.ts";

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

const nothing = {
  step: null,
  action: null,
  agent_type: null,
  attempt: null,
  duration_ms: null,
  fuel: null,
  tokens: null,
  error_code: null,
};

const runBegun = (run: RunRow): Placed => ({
  position: [run.createdAt, `${logKinds.begun}${run.correlationId}`],
  line: {
    ...nothing,
    timestamp: isoTime(run.createdAt),
    level: "info",
    message: "Run started",
    correlation_id: run.correlationId,
  },
});

const endLevels = { completed: "info", cancelled: "warn", failed: "error" } as const;

function runEnded(run: RunRow): Placed[] {
  const { status, completedAt, correlationId } = run;
  if (completedAt === null || (status !== "completed" && status !== "cancelled" && status !== "failed"))
    return [];
  return [
    {
      position: [completedAt, `${logKinds.ended}${correlationId}`],
      line: {
        ...nothing,
        timestamp: isoTime(completedAt),
        level: endLevels[status],
        message: `Run ${status}${run.errorMessage ? `: ${run.errorMessage}` : ""}`,
        correlation_id: correlationId,
        step: run.currentStep,
        duration_ms: completedAt - run.createdAt,
        fuel: run.fuelSpent,
        tokens: { input: run.tokensIn, output: run.tokensOut },
        error_code: run.errorCode,
      },
    },
  ];
}

const task = (row: UsageRecord): Placed => ({
  position: [row.created_at, `${logKinds.attempts}${row.id}`],
  line: {
    timestamp: isoTime(row.created_at),
    level: row.success ? "info" : "error",
    message: `Step ${row.step_name} ${row.success ? "finished" : `failed: ${row.error_code ?? "unknown"}`}`,
    correlation_id: row.correlation_id,
    step: row.step_name,
    action: row.action,
    agent_type: row.agent_type,
    attempt: Number(afterLast(row.id, ":")) || null,
    duration_ms: row.duration_ms,
    fuel: row.fuel,
    tokens: { input: row.tokens_in, output: row.tokens_out },
    error_code: row.error_code,
  },
});

/** Log lines of an instance's runs from their three sources, newest first. */
export const logLines = ({ begun, attempts, ended }: LogRows): Placed[] =>
  [...begun.map(runBegun), ...attempts.map(task), ...ended.flatMap(runEnded)].sort(
    ({ position: [a, aKey] }, { position: [b, bKey] }) => b - a || (aKey < bKey ? 1 : -1),
  );
