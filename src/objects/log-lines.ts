import type { RunHeader } from "#src/engine/run-state.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { EventData } from "#src/kernel/event-catalogue.ts";
import { afterLast } from "#src/text/cut-text.ts";
import type { RunCopy, UsageRecord } from "./platform-message.ts";

/** A line of a persona's log: what its runs have done. */
export type LogLine = Omit<EventData<"instance.log">, "instance_id">;

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

export const lineOfBeginning = (run: Pick<RunCopy, "correlation_id" | "created_at">): LogLine => ({
  ...nothing,
  timestamp: isoTime(run.created_at),
  level: "info",
  message: "Run started",
  correlation_id: run.correlation_id,
});

const endLevels = { completed: "info", cancelled: "warn", failed: "error" } as const;

/** Undefined of a run that goes on. */
export function lineOfEnd(run: RunCopy): LogLine | undefined {
  const { status, completed_at, created_at, error } = run;
  if (completed_at === null || (status !== "completed" && status !== "cancelled" && status !== "failed"))
    return undefined;
  return {
    ...nothing,
    timestamp: isoTime(completed_at),
    level: endLevels[status],
    message: `Run ${status}${error?.message ? `: ${error.message}` : ""}`,
    correlation_id: run.correlation_id,
    step: run.current_step,
    duration_ms: completed_at - created_at,
    fuel: run.fuel_spent,
    tokens: { input: run.tokens_in, output: run.tokens_out },
    error_code: error?.code ?? null,
  };
}

export const lineOfAttempt = (row: UsageRecord): LogLine => ({
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
});

/** What those who watch a persona hear of lines of its log; nothing of a run without one. */
export const eventsOfLines = (
  { instanceId, userId }: Pick<RunHeader, "instanceId" | "userId">,
  ...lines: (LogLine | undefined)[]
) =>
  lines.flatMap((line) =>
    line === undefined || instanceId === null
      ? []
      : [
          {
            event: "instance.log",
            entity_id: instanceId,
            owner_user_id: userId,
            data: { instance_id: instanceId, ...line },
          },
        ],
  );
