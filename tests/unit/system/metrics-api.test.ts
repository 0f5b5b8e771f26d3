import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { metricNames } from "#src/observability/metrics/catalogue.ts";
import gateway from "#workers/gateway/index.ts";
import { api, call } from "../../support/api.ts";
import { createUser } from "../../support/users.ts";

const strong = "q8Zt3vXw1Lr7Yb5Nc9Kd2Mf6Hg4Js0Pa";

const scrape = (settings: Record<string, unknown>, token: string) =>
  gateway.fetch(
    new Request("http://platform.test/internal/metrics", { headers: { authorization: `Bearer ${token}` } }),
    { ...env, ...settings },
    createExecutionContext(),
  );

describe("GET /internal/metrics", () => {
  it("tells Prometheus every metric in its text, by routes and never by paths", async () => {
    const id = crypto.randomUUID();
    await call(`/api/v1/projects/${id}`);
    const text = async () => (await scrape({ INTERNAL_TOKEN: strong }, strong)).text();
    const line =
      'ai_persona_http_requests_total{method="GET",route="/api/v1/projects/:project_id",status="401"} 1';
    await vi.waitFor(async () => expect(await text()).toContain(`\n${line}\n`), 5000);
    const answer = await scrape({ INTERNAL_TOKEN: strong }, strong);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const said = await answer.text();
    expect(metricNames.filter((name) => !said.includes(`# TYPE ${name} `))).toEqual([]);
    expect(said).toContain('ai_persona_circuit_breaker_state{provider="stability"} 0');
    expect(said).not.toContain(id);
  });

  it("is for the operator's token, and nowhere without one configured", async () => {
    expect((await scrape({ INTERNAL_TOKEN: strong }, "wrong")).status).toBe(401);
    expect((await scrape({ INTERNAL_TOKEN: undefined }, strong)).status).toBe(404);
  });
});

describe("GET /admin/system/metrics", () => {
  const read = async (...of: Parameters<typeof createUser>) =>
    api((await createUser(...of)).token).GET("/api/v1/admin/system/metrics");

  it("tells the operator's administrators the same, also of what nothing has happened to yet", async () => {
    const metric = async (name: string) =>
      (await read("operator", { role: "admin" })).data?.metrics.find((one) => one.name === name);
    await vi.waitFor(
      async () =>
        expect(await metric("ai_persona_http_request_duration_seconds")).toMatchObject({
          type: "histogram",
          series: expect.arrayContaining([
            expect.objectContaining({ count: expect.any(Number), buckets: expect.any(Array) }),
          ]),
        }),
      5000,
    );
    expect(await metric("ai_persona_fuel_exhausted_total")).toMatchObject({ type: "counter", series: [] });
  });

  it("is closed to administrators of other tenants", async () => {
    expect((await read("metrics_elsewhere", { role: "admin" })).response.status).toBe(403);
  });
});

describe("GET /admin/system/health", () => {
  it("tells the operator's administrators how everything is that the platform needs", async () => {
    const { token } = await createUser("operator", { role: "admin" });
    const { data } = await api(token).GET("/api/v1/admin/system/health");
    expect(data).toMatchObject({ status: "healthy", service: "persona-gateway" });
    expect(Object.keys(data?.dependencies ?? {})).toEqual([
      ...["d1", "d1_commerce", "kv", "r2", "tenant_objects", "queues", "metrics"],
      ...["anthropic", "serpapi", "stripe", "stability"],
    ]);
  });
});
