import { describe, expect, it } from "vitest";
import { createLogger } from "#src/observability/logger.ts";
import { collectorHeaders, exportRequest, otlpSink } from "#src/observability/spans/otlp.ts";
import type { Span } from "#src/observability/spans/span.ts";

const span: Span = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  parentId: null,
  service: "gateway",
  name: "GET /health",
  kind: "server",
  startedAt: 1_790_000_000_123,
  endedAt: 1_790_000_000_125,
  attributes: { route: "/health", share: 0.5, status: 200 },
  error: null,
};
const batch = { source: "isolate", number: 1, things: [span], dropped: 0 };

describe("Spans for a collector", () => {
  it("are OTLP's JSON: ids in hex, times in nanoseconds as text, whole numbers as text", () => {
    expect(exportRequest([span])).toEqual({
      resourceSpans: [
        {
          resource: {
            attributes: [
              { key: "service.name", value: { stringValue: "gateway" } },
              { key: "service.namespace", value: { stringValue: "persona" } },
            ],
          },
          scopeSpans: [
            {
              scope: { name: "persona" },
              spans: [
                {
                  traceId: span.traceId,
                  spanId: span.spanId,
                  name: "GET /health",
                  kind: 2,
                  startTimeUnixNano: "1790000000123000000",
                  endTimeUnixNano: "1790000000125000000",
                  attributes: [
                    { key: "route", value: { stringValue: "/health" } },
                    { key: "share", value: { doubleValue: 0.5 } },
                    { key: "status", value: { intValue: "200" } },
                  ],
                  status: {},
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it("that have failed say so, and none ends before it begins", () => {
    const failed = {
      ...span,
      parentId: "00f067aa0ba902b7",
      endedAt: span.startedAt - 5,
      error: "INTERNAL_ERROR",
    };
    expect(exportRequest([failed]).resourceSpans[0]?.scopeSpans[0]?.spans[0]).toMatchObject({
      parentSpanId: "00f067aa0ba902b7",
      endTimeUnixNano: "1790000000123000000",
      status: { code: 2, message: "INTERNAL_ERROR" },
    });
  });

  it("stand under the service that they are of", () => {
    const services = exportRequest([span, { ...span, service: "agents" }, span]).resourceSpans;
    expect(services.map(({ scopeSpans }) => scopeSpans[0]?.spans.length)).toEqual([2, 1]);
  });

  it.each([
    [200, "taken"],
    [400, "taken"],
    [429, "offered again"],
    [503, "offered again"],
  ])("that a collector answers with %d are %s", async (status, outcome) => {
    const sink = otlpSink({
      endpoint: "https://collector.test/",
      headers: {},
      fetch: async (url) => {
        expect(url).toBe("https://collector.test/v1/traces");
        return new Response("", { status });
      },
      log: createLogger("test", "error"),
    });
    const taken = await sink.take(batch).then(
      () => "taken",
      () => "offered again",
    );
    expect(taken).toBe(outcome);
  });

  it("go with the headers of the setting", () => {
    expect(collectorHeaders("Authorization=Bearer%20x=y, team = tea ,")).toEqual({
      authorization: "Bearer x=y",
      team: "tea",
    });
  });
});
