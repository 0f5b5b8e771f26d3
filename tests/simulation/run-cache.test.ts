import { describe, expect, it } from "vitest";
import { CacheBudget, RunCache } from "#durable-objects/tenant-workflows/runs/run-cache.ts";
import { newRun, type RunState } from "#src/engine/run-state.ts";
import { oneTextStep, startRequest } from "../support/plans.ts";

const mebibyte = 1024 * 1024;

const runOf = (id: string, dataBytes: number): RunState => {
  const { idempotency: _, ...header } = startRequest("tenant", { plan: oneTextStep });
  return { ...newRun({ ...header, id, createdAt: 0, parent: null }), dataBytes };
};

describe("The caches of all objects in an isolate", () => {
  it("hold no more than their one budget together, and forget what moved longest ago, whosever it is", () => {
    const budget = new CacheBudget(16 * mebibyte);
    const objects = Array.from({ length: 20 }, () => new RunCache(budget));
    for (let round = 0; round < 3; round++) {
      for (const [number, cache] of objects.entries()) {
        cache.put(runOf(`${number}-${round}`, mebibyte), 1000);
        expect(budget.bytes).toBeLessThanOrEqual(16 * mebibyte);
      }
    }
    const held = objects.flatMap((cache, number) =>
      [0, 1, 2].filter((round) => cache.get(`${number}-${round}`)).map((round) => [number, round]),
    );
    expect(held).toEqual(Array.from({ length: 15 }, (_, place) => [place + 5, 2]));
  });

  it("share that budget without being told to", () => {
    const objects = Array.from({ length: 20 }, () => new RunCache());
    for (const [number, cache] of objects.entries()) cache.put(runOf(`shared-${number}`, mebibyte), 1000);
    const held = objects.filter((cache, number) => cache.get(`shared-${number}`));
    expect(held).toEqual(objects.slice(5));
    for (const [number, cache] of objects.entries()) cache.forget(`shared-${number}`);
  });

  it("count a run once however often it moves, and not at all when it is forgotten", () => {
    const budget = new CacheBudget(16 * mebibyte);
    const cache = new RunCache(budget);
    for (let move = 0; move < 100; move++) cache.put(runOf("same", mebibyte), 0);
    expect(budget.bytes).toBeLessThan(1.1 * mebibyte);
    cache.forget("same");
    cache.forget("same");
    expect(budget.bytes).toBe(0);
  });

  it("keep the run that is being moved, however large it is", () => {
    const budget = new CacheBudget(mebibyte);
    const cache = new RunCache(budget);
    cache.put(runOf("large", 5 * mebibyte), 0);
    expect(cache.get("large")).toBeDefined();
    cache.put(runOf("small", 1), 0);
    expect([cache.get("large"), cache.get("small")?.header.id]).toEqual([undefined, "small"]);
  });

  it("keep the runs of objects apart that have the same name", () => {
    const budget = new CacheBudget(mebibyte);
    const [one, other] = [new RunCache(budget), new RunCache(budget)];
    one.put(runOf("run", 1), 0);
    expect(other.get("run")).toBeUndefined();
  });
});
