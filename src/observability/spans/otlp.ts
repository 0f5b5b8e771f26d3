import type { Sink } from "../hand-over.ts";
import type { Logger } from "../logger.ts";
import type { Span } from "./span.ts";

/** Statuses with which a collector asks for the same once more (OTLP/HTTP, "Retryable response codes"). */
const again: readonly number[] = [429, 502, 503, 504];

/** A collector that has not answered by then counts as away, in milliseconds. */
const patienceMs = 8000;

const kinds = { internal: 1, server: 2, consumer: 5 } satisfies Record<Span["kind"], number>;

const anyValue = (value: string | number) => {
  if (typeof value === "string") return { stringValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
};

const attributesOf = (attributes: Span["attributes"]) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

/** Nanoseconds since 1970, as the text that JSON has for 64 bits. */
const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms)) * 1_000_000n);

const spanOf = ({ traceId, spanId, parentId, name, kind, startedAt, endedAt, attributes, error }: Span) => ({
  traceId,
  spanId,
  ...(parentId !== null && { parentSpanId: parentId }),
  name,
  kind: kinds[kind],
  startTimeUnixNano: nanoseconds(startedAt),
  endTimeUnixNano: nanoseconds(Math.max(startedAt, endedAt)),
  attributes: attributesOf(attributes),
  status: error === null ? {} : { code: 2, message: error },
});

/** Spans as the body of an `ExportTraceServiceRequest` (opentelemetry-proto 1, JSON). */
export const exportRequest = (spans: readonly Span[]) => ({
  resourceSpans: [...Map.groupBy(spans, ({ service }) => service)].map(([service, own]) => ({
    resource: { attributes: attributesOf({ "service.name": service, "service.namespace": "persona" }) },
    scopeSpans: [{ scope: { name: "persona" }, spans: own.map(spanOf) }],
  })),
});

interface Collector {
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT` has it: spans go to `/v1/traces` below. */
  endpoint: string;
  headers: Readonly<Record<string, string>>;
  fetch(url: string, init: RequestInit): Promise<Response>;
  log: Logger;
}

/**
 * Brings spans to a collector that speaks OTLP/HTTP. What it asks for again is offered again; what it refuses is given up
 * and said.
 */
export const otlpSink = ({ endpoint, headers, fetch, log }: Collector): Sink<Span> => ({
  name: "spans",
  async take({ things }) {
    const response = await fetch(`${endpoint.replace(/\/+$/, "")}/v1/traces`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(exportRequest(things)),
      signal: AbortSignal.timeout(patienceMs),
    });
    await response.body?.cancel();
    if (again.includes(response.status)) throw new Error(`The collector answered ${response.status}`);
    if (!response.ok)
      log.warn("the collector refuses spans", { status: response.status, spans: things.length });
  },
});

/** `OTEL_EXPORTER_OTLP_HEADERS`: `name=value` pairs, separated by commas, values percent-encoded. */
export const collectorHeaders = (setting: string): Record<string, string> =>
  Object.fromEntries(
    setting
      .split(",")
      .map((pair) => pair.split("="))
      .filter(([name]) => name?.trim())
      .map(([name = "", ...value]) => [
        name.trim().toLowerCase(),
        decodeURIComponent(value.join("=").trim()),
      ]),
  );
