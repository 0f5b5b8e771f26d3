import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import gateway from "#workers/gateway/index.ts";

const strong = "q8Zt3vXw1Lr7Yb5Nc9Kd2Mf6Hg4Js0Pa";

const ask = async (settings: Record<string, unknown>, authorization?: string) => {
  const request = new Request("http://platform.test/internal/health", {
    headers: authorization === undefined ? {} : { authorization },
  });
  const answer = await gateway.fetch(request, { ...env, ...settings }, createExecutionContext());
  return { status: answer.status, body: await answer.json() };
};

describe("GET /internal/health", () => {
  it("tells whoever has the operator's token what the gateway depends on, and how long each takes", async () => {
    const up = { status: "up", latency_ms: expect.any(Number) };
    expect(await ask({ INTERNAL_TOKEN: strong }, `Bearer ${strong}`)).toMatchObject({
      status: 200,
      body: {
        status: "healthy",
        dependencies: {
          d1: up,
          kv: up,
          r2: up,
          tenant_objects: up,
          queues: up,
          metrics: up,
          anthropic: { ...up, breaker: "closed" },
        },
      },
    });
  });

  it("is 503 when one that it cannot do without is down, and says which", async () => {
    const settings = { INTERNAL_TOKEN: strong, DB: env.OTHER_DB };
    expect(await ask(settings, `Bearer ${strong}`)).toMatchObject({
      status: 503,
      body: { status: "unhealthy", dependencies: { d1: { status: "down" }, kv: { status: "up" } } },
    });
  });

  it("is well enough when something is away that only makes others wait, and says which", async () => {
    const away = { metrics: () => Promise.reject(new Error("away")) };
    const settings = { INTERNAL_TOKEN: strong, ADAPTER_TASKS: away };
    expect(await ask(settings, `Bearer ${strong}`)).toMatchObject({
      status: 200,
      body: { status: "degraded", dependencies: { queues: { status: "degraded" }, d1: { status: "up" } } },
    });
  });

  it("is nowhere without a token configured", async () => {
    expect(await ask({ INTERNAL_TOKEN: undefined }, `Bearer ${strong}`)).toMatchObject({
      status: 404,
      body: { error: "NOT_FOUND" },
    });
    expect((await ask({ INTERNAL_TOKEN: "" }, "Bearer ")).status).toBe(404);
  });

  it.each([undefined, "Bearer", "Bearer wrong", `Basic ${strong}`, `Bearer ${strong}x`])(
    "is closed to %s",
    async (authorization) => {
      expect(await ask({ INTERNAL_TOKEN: strong }, authorization)).toMatchObject({
        status: 401,
        body: { error: "UNAUTHORIZED" },
      });
    },
  );

  it("opens to no predictable token in production", async () => {
    const INTERNAL_TOKEN = "0123456789abcdef0123456789abcdef";
    const settings = { INTERNAL_TOKEN, ENVIRONMENT: "production", JWT_SECRET_KEY: strong };
    expect((await ask(settings, `Bearer ${INTERNAL_TOKEN}`)).status).toBe(503);
  });
});
