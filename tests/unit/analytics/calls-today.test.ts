import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { callsToday } from "#src/analytics/dashboard/calls-today.ts";
import { requestFigures } from "#src/analytics/system/measured.ts";
import gateway from "#workers/gateway/index.ts";
import { api, call } from "../../support/api.ts";
import { platformMetrics } from "../../support/metrics.ts";
import { present } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

let admin: TestUser;
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2031, 4, 2, 12) });
  admin = await createUser("operator", { role: "admin" });
});
afterAll(() => {
  vi.useRealTimers();
});

/** The figures of today; asking for them is a call, which counts for whoever asks next. */
async function today() {
  const { usage_metrics, system_health } = present(
    (await api(admin.token).GET("/api/v1/admin/dashboard")).data,
  );
  return {
    calls: usage_metrics.api_calls_today ?? 0,
    latency: system_health.average_latency_ms ?? 0,
    errors: system_health.error_rate_percent ?? 0,
  };
}

/** A call to a gateway with another database. */
async function callWith(DB: D1Database): Promise<Response> {
  const ctx = createExecutionContext();
  const request = new Request("http://platform.test/api/v1/personas/templates", { headers: admin.headers });
  const answer = await gateway.fetch(request, { ...env, DB }, ctx);
  await waitOnExecutionContext(ctx);
  return answer;
}

/** The database, which takes its time for each statement. */
const slow = (ms: number) =>
  new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") vi.setSystemTime(Date.now() + ms);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

it("Calls of the API are counted, whoever makes them, and no other requests", async () => {
  await call("/health");
  expect((await today()).calls).toBe(0);
  await call("/api/v1/subscription/tiers");
  expect((await call("/api/v1/user/profile")).status).toBe(401);
  await call("/health");
  // The dashboard's was one too.
  await expect.poll(async () => callsToday(await platformMetrics().readToday()).count).toBe(3);
  expect((await today()).calls).toBe(3);
});

it("How long they take is the mean of today’s", async () => {
  const before = await today();
  const answer = await callWith(slow(6000));
  expect(answer.status).toBe(200);
  await expect
    .poll(async () => {
      const { calls, latency } = await today();
      return calls * latency - before.calls * before.latency;
    })
    .toBeGreaterThan(5500);
});

it("Those that fail are their share of today’s, and what is refused is none of them", async () => {
  expect((await today()).errors).toBe(0);
  expect((await callWith(env.OTHER_DB)).status).toBeGreaterThanOrEqual(500);
  await expect
    .poll(async () => {
      const { calls, errors } = await today();
      return Math.round((calls * errors) / 100);
    })
    .toBe(1);
});

it("The dashboard and analytics of the system read the same out of what is counted", async () => {
  const samples = await platformMetrics().readToday();
  const { count, failed } = callsToday(samples);
  expect(failed).toBe(1);
  const { error_share, groups, ...whole } = requestFigures(samples);
  expect(whole.count).toBe(count);
  expect(error_share * count).toBeCloseTo(failed);
  expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(count);
});

it("A new day begins with nothing", async () => {
  expect((await today()).calls).toBeGreaterThan(0);
  vi.setSystemTime(Date.now() + 86_400_000);
  admin = await createUser("operator", { role: "admin" });
  const { calls, errors } = await today();
  expect(calls).toBeLessThanOrEqual(1);
  expect(errors).toBe(0);
});
