import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { added, type Series } from "#durable-objects/platform-metrics/totals.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";

const object = (name: string) => env.PLATFORM_METRICS.getByName(name);
const queue = (name: string, value: number): Sample => ({
  metric: "ai_persona_queue_messages_consumed_total",
  labels: [name],
  value,
});
const batch = (source: string, number: number, ...things: Sample[]) => ({
  source,
  number,
  things,
  dropped: 0,
});

const answered = (value: number): Sample => ({
  metric: "ai_persona_http_requests_total",
  labels: ["GET", "/health", "200"],
  value,
});
const took = (value: number, ...buckets: number[]): Sample => ({
  metric: "ai_persona_http_request_duration_seconds",
  labels: ["GET", "/health"],
  value,
  buckets,
});

afterEach(() => {
  vi.useRealTimers();
});
const at = (time: string) => vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(time) });

describe("The object that adds up", () => {
  it("adds what isolates hand over, each batch once, however often it comes", async () => {
    const metrics = object("once");
    await metrics.take(batch("a", 1, queue("high", 2)));
    await metrics.take(batch("b", 1, queue("high", 3), queue("low", 1)));
    await metrics.take(batch("a", 1, queue("high", 2)));
    await metrics.take(batch("a", 2, queue("high", 5)));
    // One that was slow, and overtaken by its own repetition.
    await metrics.take(batch("a", 1, queue("high", 2)));
    expect(await metrics.read()).toEqual([queue("high", 10), queue("low", 1)]);
  });

  it("knows after a restart what it has added, and from whom", async () => {
    const metrics = object("restarted");
    const measured: Sample = {
      metric: "ai_persona_workflow_duration_seconds",
      labels: ["completed"],
      value: 3,
      buckets: [0, 0, 2, 1],
    };
    await metrics.take(batch("a", 7, queue("high", 2), measured));
    await evictDurableObject(metrics);
    await metrics.take(batch("a", 7, queue("high", 2), measured));
    await metrics.take(batch("a", 8, measured));
    expect(await metrics.read()).toEqual([
      queue("high", 2),
      { ...measured, value: 6, buckets: [0, 0, 4, 2] },
    ]);
  });

  it("counts what isolates could not hand over, and what other releases measure otherwise", async () => {
    const metrics = object("lost");
    const measured = (...buckets: number[]): Sample => ({ metric: "m", labels: [], value: 1, buckets });
    await metrics.take({ ...batch("a", 1, measured(1, 0)), dropped: 3 });
    await metrics.take(batch("b", 1, measured(0, 1), measured(0, 0, 1)));
    expect(await metrics.read()).toContainEqual({
      metric: "ai_persona_metrics_lost_total",
      labels: [],
      value: 4,
    });
  });

  it("takes nothing of a batch that cannot be read", async () => {
    const metrics = object("unreadable");
    const unreadable = { ...queue("high", 2), value: Number.NaN };
    await runInDurableObject(metrics, (own) =>
      expect(own.take(batch("a", 1, queue("low", 1), unreadable))).rejects.toThrow(),
    );
    expect(await metrics.read()).toEqual([]);
  });
});

describe("What requests have come to today", () => {
  it("begins at midnight (UTC), and not again after a restart", async () => {
    const metrics = object("days");
    at("2026-03-01T23:59:59Z");
    await metrics.take(batch("a", 1, answered(3), took(2, 1, 2), queue("high", 1)));
    expect(await metrics.readToday()).toEqual([took(2, 1, 2), answered(3)]);
    at("2026-03-02T00:00:00Z");
    expect(await metrics.readToday()).toEqual([]);
    await metrics.take(batch("a", 2, answered(4), took(1, 0, 4), queue("high", 1)));
    await evictDurableObject(metrics);
    await metrics.take(batch("a", 3, answered(5)));
    expect(await metrics.readToday()).toEqual([took(1, 0, 4), answered(9)]);
    expect(await metrics.read()).toContainEqual(answered(12));
  });

  it("is as much when the clock is set back and on again", async () => {
    const metrics = object("set back");
    at("2026-03-02T00:00:00Z");
    await metrics.take(batch("a", 1, answered(3)));
    at("2026-03-01T23:59:00Z");
    expect(await metrics.readToday()).toEqual([]);
    await metrics.take(batch("a", 2, answered(4)));
    at("2026-03-02T00:00:01Z");
    expect(await metrics.readToday()).toEqual([answered(7)]);
  });

  it("is nothing of what cannot be taken", async () => {
    const metrics = object("refused");
    at("2026-03-01T12:00:00Z");
    await metrics.take(batch("a", 1, answered(3)));
    at("2026-03-02T12:00:00Z");
    await metrics.take(batch("a", 1, answered(3)));
    await metrics.take(batch("a", 2, answered(1)));
    expect(await metrics.readToday()).toEqual([answered(1)]);
  });
});

describe("Series of a metric", () => {
  it("come to the same, in whatever batches and whatever order they are added", () => {
    const sample = fc.record({ name: fc.constantFrom("a", "b", "c"), value: fc.nat(1000) });
    fc.assert(
      fc.property(fc.array(fc.array(sample)), (batches) => {
        const inBatches = (of: typeof batches) =>
          of.reduce<Series>(
            (series, one) =>
              added(
                series,
                one.map(({ name, value }) => queue(name, value)),
              ).series,
            new Map<string, Sample>(),
          );
        const sorted = (series: ReadonlyMap<string, Sample>) => [...series.entries()].sort();
        expect(sorted(inBatches([batches.flat().reverse()]))).toEqual(sorted(inBatches(batches)));
      }),
    );
  });

  it("are told apart up to a number; what comes then is counted together", () => {
    const { series } = added(
      new Map(),
      ["a", "b", "c", "d", "a"].map((name) => queue(name, 1)),
      2,
    );
    expect([...series.values()]).toEqual([queue("a", 2), queue("b", 1), queue("other", 2)]);
  });
});
