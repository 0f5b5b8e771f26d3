import type { Position } from "#src/http/page.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { RunRow } from "#src/read-models/index.ts";
import { afterLast } from "#src/text/cut-text.ts";
import { logKinds, type UsageRow } from "./run-history-repository.ts";
import type { LogLine } from "./schemas.ts";

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

const started = (run: RunRow): Placed => ({
  position: [run.createdAt, `${logKinds.started}${run.correlationId}`],
  line: {
    ...nothing,
    timestamp: isoTime(run.createdAt),
    level: "info",
    message: "Run started",
    correlation_id: run.correlationId,
  },
});

const endLevels = { completed: "info", cancelled: "warn", failed: "error" } as const;

function ended(run: RunRow): Placed[] {
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

const task = (row: UsageRow): Placed => ({
  position: [row.createdAt, `${logKinds.task}${row.id}`],
  line: {
    timestamp: isoTime(row.createdAt),
    level: row.success ? "info" : "error",
    message: `Step ${row.stepName} ${row.success ? "finished" : `failed: ${row.errorCode ?? "unknown"}`}`,
    correlation_id: row.correlationId,
    step: row.stepName,
    action: row.action,
    agent_type: row.agentType,
    attempt: Number(afterLast(row.id, ":")) || null,
    duration_ms: row.durationMs,
    fuel: row.fuel,
    tokens: { input: row.tokensIn, output: row.tokensOut },
    error_code: row.errorCode,
  },
});

/** Log lines of an instance's runs from their three sources, newest first. */
export const logLines = (
  begun: readonly RunRow[],
  tasks: readonly UsageRow[],
  finished: readonly RunRow[],
): Placed[] =>
  [...begun.map(started), ...tasks.map(task), ...finished.flatMap(ended)].sort(
    ({ position: [a, aKey] }, { position: [b, bKey] }) => b - a || (aKey < bKey ? 1 : -1),
  );
