import { afterAll, expect, it } from "vitest";
import { personaClient, signIn } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { demo } from "#scripts/local/options.ts";
import { eventually } from "../../support/outside.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";
import { testSettings } from "../../support/settings.ts";
import { spanCollector } from "../../support/span-collector.ts";

const collector = await spanCollector(1);
const server = serverOfOnesOwn({
  ...testSettings,
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  OTEL_EXPORTER_OTLP_HEADERS: "x-team=tea%20room",
});
afterAll(async () => {
  await server.dispose();
  collector.close();
});

const [traceId, caller] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];

it("A trace goes from the caller through request, run, steps and attempts to a collector, once each, also one that was busy", async () => {
  const baseUrl = await server.start();
  const tokens: string[] = [];
  const { api, runs } = await signIn(demo.accounts[1], {
    baseUrl,
    onTokens: (pair) => tokens.push(...Object.values(pair).map(String)),
  });
  const id = await makeInstance(api, "Researcher");
  const traced = personaClient({
    baseUrl,
    token: tokens[0],
    fetch: (request) => {
      request.headers.set("traceparent", `00-${traceId}-${caller}-01`);
      return fetch(request);
    },
  });
  const run = await traced.runs.execute(id, { input: { topic: "tea" } });
  await runs.of(run.id).result();
  const ours = () => collector.spans.filter((span) => span.traceId === traceId);
  await eventually(
    async () =>
      (ours().some(({ name }) => name === "execution") &&
        ours().some(({ kind }) => kind === "SPAN_KIND_SERVER")) ||
      undefined,
  );

  const request = ours().find(({ kind }) => kind === "SPAN_KIND_SERVER");
  expect(request).toMatchObject({
    service: "gateway",
    parentSpanId: caller,
    name: "POST /api/v1/personas/instances/:instance_id/execute",
    attributes: { "http.response.status_code": "202" },
  });
  const execution = ours().find(({ name }) => name === "execution");
  expect(execution).toMatchObject({
    parentSpanId: request?.spanId,
    attributes: { "persona.correlation_id": run.id, "persona.status": "completed" },
  });
  const steps = ours().filter(({ name }) => name.startsWith("step "));
  expect(steps.map(({ parentSpanId }) => parentSpanId)).toEqual(steps.map(() => execution?.spanId));
  const attempts = ours().filter(({ kind }) => kind === "SPAN_KIND_CONSUMER");
  expect(attempts.length).toBeGreaterThan(3);
  for (const { parentSpanId } of attempts) expect(steps.map(({ spanId }) => spanId)).toContain(parentSpanId);
  for (const { startTimeUnixNano, endTimeUnixNano } of ours())
    expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true);

  const shown = await api.GET("/api/v1/personas/runs/{correlation_id}/trace", {
    params: { path: { correlation_id: run.id } },
  });
  expect(
    ours()
      .filter(({ service }) => service === "tenant-workflows")
      .map(({ spanId }) => spanId)
      .sort(),
  ).toEqual(shown.data?.spans.map(({ id }) => id).sort());
  expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(collector.spans.length);
  expect(collector.headers[0]).toMatchObject({ "x-team": "tea room" });
  for (const secret of tokens.filter((value) => value.length > 20))
    expect(collector.bodies.join("")).not.toContain(secret);
}, 120_000);

it("Whoever says that a trace is not sampled is in no collector", async () => {
  const baseUrl = await server.address();
  const other = "4bf92f3577b34da6a3ce929d0e0e4736";
  await fetch(`${baseUrl}/api/v1/templates`, { headers: { traceparent: `00-${other}-${caller}-00` } });
  const sampled = "4bf92f3577b34da6a3ce929d0e0e4737";
  await fetch(`${baseUrl}/api/v1/templates`, { headers: { traceparent: `00-${sampled}-${caller}-01` } });
  await eventually(async () => collector.spans.some((span) => span.traceId === sampled) || undefined);
  expect(collector.spans.some((span) => span.traceId === other)).toBe(false);
});
