import { settingsOf } from "#src/kernel/config.ts";
import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { platformMetricsName } from "#src/objects/platform-metrics-api.ts";
import { Gathered } from "#src/observability/gathered.ts";
import { HandOver } from "#src/observability/hand-over.ts";
import { createLogger } from "#src/observability/logger.ts";
import { consoleLogs, type Logs } from "#src/observability/logs.ts";
import { countedLogs } from "#src/observability/metrics/counted-logs.ts";
import { GatheredMetrics, type Metrics, noMetrics } from "#src/observability/metrics/metrics.ts";
import { collectorHeaders, otlpSink } from "#src/observability/spans/otlp.ts";
import type { Span, Spans } from "#src/observability/spans/span.ts";
import { Things } from "#src/observability/things.ts";
import { queueCalled } from "#src/tasks/index.ts";

/** What telemetry is handed over to; a Worker that binds nothing of it gathers nothing. */
export type TelemetryBindings = Partial<Pick<ObjectBindings, "PLATFORM_METRICS">>;

/** What an isolate tells of what it does. */
export interface Telemetry {
  /** Where what happens is counted. */
  metrics: Metrics;
  /** Where log lines go. */
  logs: Logs;
  /** Where spans go; undefined, and none are made, where no collector is named. */
  spans: Spans | undefined;
  /** Brings all of it away; every occasion of a Worker or an object ends with its `after`. */
  handOver: HandOver;
}

/** Whoever says that something was not handed over hands nothing over itself. */
const ownLog = createLogger("hand-over");

/** Spans of an isolate that wait for their collector; one takes about half a kilobyte. */
const maxSpans = 4000;

/** Spans, where the settings name a collector. */
function spansOf(env: object) {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS = "" } = settingsOf(env);
  if (endpoint === undefined) return undefined;
  const spans = new Things<Span>(maxSpans);
  const headers = collectorHeaders(OTEL_EXPORTER_OTLP_HEADERS);
  const sink = otlpSink({ endpoint, headers, fetch: (url, init) => fetch(url, init), log: ownLog });
  return { spans, gathered: new Gathered(spans, sink) };
}

/** Figures, where there is an object that adds them up. */
function metricsOf({ PLATFORM_METRICS }: TelemetryBindings) {
  if (!PLATFORM_METRICS) return undefined;
  const metrics = new GatheredMetrics();
  const gathered = new Gathered(metrics, {
    name: "metrics",
    take: (batch) => PLATFORM_METRICS.getByName(platformMetricsName).take(batch),
  });
  return { metrics, gathered };
}

/** An isolate's telemetry: one for all that it is asked. */
export const telemetryOf = oncePerIsolate((env: TelemetryBindings): Telemetry => {
  const [figures, traces] = [metricsOf(env), spansOf(env)];
  const gathered = [figures?.gathered, traces?.gathered].filter((one) => one !== undefined);
  return {
    metrics: figures?.metrics ?? noMetrics,
    logs: figures ? countedLogs(consoleLogs, figures.metrics) : consoleLogs,
    spans: traces?.spans,
    handOver: new HandOver(gathered, ownLog),
  };
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
