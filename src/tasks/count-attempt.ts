import type { TaskUsage } from "#src/engine/task-report.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import type { TaskAssignment } from "#src/objects/tasks-api.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";

/** How a consumer has ended an attempt. */
export type AttemptStatus = "completed" | "failed" | "deferred";

/** Counts that a consumer has begun an attempt. */
export const countReceived = (metrics: Metrics, { topic }: Pick<TaskAssignment, "topic">): void =>
  metrics.count("ai_persona_agent_tasks_received_total", { agent_type: agentTypeOfTopic(topic) });

/** Counts that a consumer has ended an attempt, how long it took and what it has used. */
export function countAttempt(
  metrics: Metrics,
  { topic }: Pick<TaskAssignment, "topic">,
  { status, usage }: { status: AttemptStatus; usage: TaskUsage },
): void {
  const agent_type = agentTypeOfTopic(topic);
  metrics.count("ai_persona_agent_tasks_processed_total", { agent_type, status });
  const seconds = usage.durationMs / 1000;
  metrics.observe("ai_persona_agent_processing_duration_seconds", { agent_type }, seconds);
  const { model, tokensIn, tokensOut } = usage;
  if (model === undefined) return;
  metrics.count("ai_persona_ai_service_tokens_used_total", { model, type: "input" }, tokensIn);
  metrics.count("ai_persona_ai_service_tokens_used_total", { model, type: "output" }, tokensOut);
}
