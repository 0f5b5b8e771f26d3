import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import { logRingName } from "#src/objects/log-ring-api.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { platformMetricsName } from "#src/objects/platform-metrics-api.ts";
import { Gathered } from "#src/observability/gathered.ts";
import { gatheredLogs } from "#src/observability/gathered-logs.ts";
import { HandOver } from "#src/observability/hand-over.ts";
import { createLogger } from "#src/observability/logger.ts";
import { consoleLogs, type Logs } from "#src/observability/logs.ts";
import { GatheredMetrics, type Metrics, noMetrics } from "#src/observability/metrics/metrics.ts";
import { collectorHeaders, otlpSink } from "#src/observability/spans/otlp.ts";
import type { Span, Spans } from "#src/observability/spans/span.ts";
import { Things } from "#src/observability/things.ts";
import { queueCalled } from "#src/tasks/index.ts";

/** What telemetry is handed over to; a Worker that does not bind both gathers nothing. */
export interface TelemetryBindings extends Partial<Pick<ObjectBindings, "PLATFORM_METRICS" | "LOG_RING">> {
  /** As they stand: what is wrong with settings is said with the help of this. */
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;
  OTEL_EXPORTER_OTLP_HEADERS?: string;
}

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

/** Lines that find room in an isolate between two hand-overs. */
const maxLines = 4000;

/** Whoever says that something was not handed over hands nothing over itself. */
const ownLog = createLogger("hand-over");

/** Spans of an isolate that wait for their collector; one takes about half a kilobyte. */
const maxSpans = 4000;

/** Spans, where the settings name a collector. */
function spansOf({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_HEADERS = "",
}: TelemetryBindings) {
  if (endpoint === undefined) return undefined;
  const spans = new Things<Span>(maxSpans);
  const headers = collectorHeaders(OTEL_EXPORTER_OTLP_HEADERS);
  const sink = otlpSink({ endpoint, headers, fetch: (url, init) => fetch(url, init), log: ownLog });
  return { spans, gathered: new Gathered(spans, sink) };
}

/** Figures and log lines, where there are the objects that add them up and keep them. */
function recordsOf({ PLATFORM_METRICS, LOG_RING }: TelemetryBindings) {
  if (!PLATFORM_METRICS || !LOG_RING) return undefined;
  const metrics = new GatheredMetrics();
  const lines = new Things<string>(maxLines);
  const gathered = [
    new Gathered(metrics, {
      name: "metrics",
      take: (batch) => PLATFORM_METRICS.getByName(platformMetricsName).take(batch),
    }),
    new Gathered(lines, {
      name: "log lines",
      take: (batch) => LOG_RING.getByName(logRingName).take(batch),
    }),
  ];
  return { metrics, logs: gatheredLogs(lines, metrics), gathered };
}

/** An isolate's telemetry: one for all that it is asked. */
export const telemetryOf = oncePerIsolate((env: TelemetryBindings): Telemetry => {
  const [records, traces] = [recordsOf(env), spansOf(env)];
  const gathered = [...(records?.gathered ?? []), ...(traces ? [traces.gathered] : [])];
  return {
    metrics: records?.metrics ?? noMetrics,
    logs: records?.logs ?? consoleLogs,
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
  const labels = { queue: queueCalled(queue) ?? queue };
  metrics.count("ai_persona_queue_messages_consumed_total", labels, messages.length);
  try {
    await take();
  } finally {
    handOver.after((work) => ctx.waitUntil(work));
  }
}
