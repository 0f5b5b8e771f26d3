import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { platformMetricsName } from "#src/objects/platform-metrics-api.ts";
import { Gathered } from "#src/observability/gathered.ts";
import { HandOver } from "#src/observability/hand-over.ts";
import { createLogger } from "#src/observability/logger.ts";
import { consoleLogs, type Logs } from "#src/observability/logs.ts";
import { countedLogs } from "#src/observability/metrics/counted-logs.ts";
import { GatheredMetrics, type Metrics, noMetrics } from "#src/observability/metrics/metrics.ts";
import { queueCalled } from "#src/tasks/index.ts";

/** What telemetry is handed over to; a Worker that binds nothing of it gathers nothing. */
export type TelemetryBindings = Partial<Pick<ObjectBindings, "PLATFORM_METRICS">>;

/** What an isolate tells of what it does. */
export interface Telemetry {
  /** Where what happens is counted. */
  metrics: Metrics;
  /** Where log lines go. */
  logs: Logs;
  /** Brings both away; every occasion of a Worker or an object ends with its `after`. */
  handOver: HandOver;
}

/** Whoever says that something was not handed over hands nothing over itself. */
const ownLog = createLogger("hand-over");

/** An isolate's telemetry: one for all that it is asked. */
export const telemetryOf = oncePerIsolate(({ PLATFORM_METRICS }: TelemetryBindings): Telemetry => {
  if (!PLATFORM_METRICS) return { metrics: noMetrics, logs: consoleLogs, handOver: new HandOver([], ownLog) };
  const metrics = new GatheredMetrics();
  const gathered = new Gathered(metrics, {
    name: "metrics",
    take: (batch) => PLATFORM_METRICS.getByName(platformMetricsName).take(batch),
  });
  return { metrics, logs: countedLogs(consoleLogs, metrics), handOver: new HandOver([gathered], ownLog) };
});

/** Takes a batch of messages: counts them, and hands over behind it what was recorded. */
export async function takeBatch(
  { queue, messages }: Pick<MessageBatch, "queue" | "messages">,
  env: TelemetryBindings,
  ctx: Pick<ExecutionContext, "waitUntil">,
  take: () => Promise<unknown>,
): Promise<void> {
  const { metrics, handOver } = telemetryOf(env);
  metrics.count(
    "ai_persona_queue_messages_consumed_total",
    { queue: queueCalled(queue) ?? queue },
    messages.length,
  );
  try {
    await take();
  } finally {
    handOver.after((work) => ctx.waitUntil(work));
  }
}
