import { describe, expect, it } from "vitest";
import { GatheredMetrics } from "#src/observability/metrics/metrics.ts";

describe("What an isolate counts", () => {
  it("is one sum for each series, however often it is counted, and nothing once it is handed over", () => {
    const metrics = new GatheredMetrics();
    for (let message = 0; message < 100; message++)
      metrics.count("ai_persona_queue_messages_produced_total", { queue: message % 2 ? "high" : "low" });
    metrics.count("ai_persona_fuel_consumed_total", { agent_type: "copywriter" }, 12);
    expect(metrics.empty().things).toEqual([
      { metric: "ai_persona_queue_messages_produced_total", labels: ["low"], value: 50 },
      { metric: "ai_persona_queue_messages_produced_total", labels: ["high"], value: 50 },
      { metric: "ai_persona_fuel_consumed_total", labels: ["copywriter"], value: 12 },
    ]);
    expect(metrics.isEmpty).toBe(true);
  });

  it("is of what is measured how many were how large, and their sum; a clock set back measures nothing below 0", () => {
    const metrics = new GatheredMetrics();
    const route = { method: "GET", route: "/health" };
    for (const seconds of [0.004, 0.005, 0.3, 31, -5])
      metrics.observe("ai_persona_http_request_duration_seconds", route, seconds);
    const [sample] = metrics.empty().things;
    expect(sample?.buckets).toEqual([3, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
    expect(sample?.value).toBeCloseTo(31.309);
  });

  it("finds room for so many series, and says how many times it found none", () => {
    const metrics = new GatheredMetrics(2);
    for (const model of ["a", "b", "c", "a", "d"])
      metrics.count("ai_persona_ai_service_tokens_used_total", { model, type: "input" }, 5);
    const { things, dropped } = metrics.empty();
    expect(things.map(({ labels, value }) => [...labels, value])).toEqual([
      ["a", "input", 10],
      ["b", "input", 5],
    ]);
    expect(dropped).toBe(2);
  });
});
