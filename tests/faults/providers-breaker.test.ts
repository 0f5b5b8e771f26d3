import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Admission, CallCounts, CircuitBreakerApi } from "#src/objects/circuit-breaker-api.ts";
import { CallPostponedError, guardedCall } from "#src/providers/guarded-call.ts";
import { ProviderError } from "#src/providers/provider-error.ts";
import { closeBreakers } from "../support/breakers.ts";
import { circuitBreaker } from "../support/objects.ts";
import { plan } from "../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../support/tasks.ts";

const signal = new AbortController().signal;
const nothing = { successes: 0, failures: 0 };
const breaker = (provider: string) => circuitBreaker(provider);

/** Lets the clock of this isolate, which the objects share, go on. */
const later = (milliseconds: number) =>
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + milliseconds });

beforeEach(closeBreakers);
afterEach(() => vi.useRealTimers());

const open = (provider: string) => breaker(provider).record({ successes: 0, failures: 3 });

describe("The breaker is one for all isolates", () => {
  it("opens on failures that different isolates saw, is visible, and stays so after an eviction", async () => {
    for (let isolate = 0; isolate < 3; isolate++) {
      await breaker("shared").record({ successes: 0, failures: 1 });
    }
    expect(await breaker("shared").view()).toMatchObject({ provider: "shared", status: "open", trips: 1 });
    await evictDurableObject(env.CIRCUIT_BREAKER.getByName("shared"));
    expect(await breaker("shared").admit(nothing)).toMatchObject({ allowed: false });
  });

  it("half-opens for one probe among all who ask, and closes when that succeeds", async () => {
    await open("probed");
    later(31_000);
    const answers = await Promise.all(Array.from({ length: 5 }, () => breaker("probed").admit(nothing)));
    const probes = answers.filter((answer) => answer.allowed);
    expect(probes).toEqual([{ allowed: true, status: "half_open", probe: 1 }]);
    await breaker("probed").record({ successes: 1, failures: 0, probe: 1 });
    expect(await breaker("probed").view()).toMatchObject({ status: "closed", retryAt: null });
  });

  it("is not closed by successes from before it opened", async () => {
    await open("stale");
    later(31_000);
    await breaker("stale").admit(nothing);
    await breaker("stale").record({ successes: 9, failures: 0 });
    expect(await breaker("stale").view()).toMatchObject({ status: "half_open" });
  });
});

/** A breaker that shows what it was asked and told. */
function watched(answer: Admission = { allowed: true, status: "closed" }) {
  const asked: CallCounts[] = [];
  const told: CallCounts[] = [];
  const api: CircuitBreakerApi = {
    admit: async (counts) => {
      asked.push(counts);
      return answer;
    },
    record: async (counts) => void told.push(counts),
    view: () => Promise.reject(new Error("not asked for")),
    switchOff: () => Promise.reject(new Error("not asked for")),
  };
  return { asked, told, api };
}

const unhealthy = () =>
  Promise.reject(new ProviderError("AI_SERVICE_ERROR", "500", { retryable: false, unhealthy: true }));

describe("A guarded call", () => {
  it("asks the closed breaker once in two seconds, and tells its successes then", async () => {
    const { api, asked, told } = watched();
    let time = 1_000_000;
    const call = () =>
      guardedCall({ provider: "leased", breaker: api, signal, now: () => time }, async () => "done");
    for (let calls = 0; calls < 10; calls++) await call();
    expect(asked).toEqual([nothing]);
    time += 2001;
    await call();
    expect(asked).toEqual([nothing, { successes: 10, failures: 0 }]);
    expect(told).toEqual([]);
  });

  it("tells a failure at once, with the successes before it", async () => {
    const { api, told } = watched();
    const call = (work: () => Promise<unknown>) =>
      guardedCall({ provider: "telling", breaker: api, signal }, work);
    await call(async () => "done");
    await expect(call(unhealthy)).rejects.toThrow("500");
    expect(told).toEqual([{ successes: 1, failures: 1 }]);
  });

  it("does not count a refused request against the provider", async () => {
    const { api, told } = watched();
    const refused = () => Promise.reject(new ProviderError("AI_SERVICE_ERROR", "400", { retryable: false }));
    await expect(guardedCall({ provider: "refusing", breaker: api, signal }, refused)).rejects.toThrow("400");
    expect(told).toEqual([]);
  });

  it("that ends in a way that nobody foresaw counts against the provider, also as a probe", async () => {
    const odd = () => Promise.reject(new TypeError("x is not a function"));
    for (const probe of [undefined, 4]) {
      const { api, told } = watched(
        probe === undefined
          ? { allowed: true, status: "closed" }
          : { allowed: true, status: "half_open", probe },
      );
      await expect(guardedCall({ provider: `odd ${probe}`, breaker: api, signal }, odd)).rejects.toThrow();
      expect(told).toEqual([{ successes: 0, failures: 1, probe }]);
    }
  });

  it("waits for no Retry-After that comes after its task's deadline", async () => {
    const { api } = watched();
    const busy = vi.fn(() =>
      Promise.reject(new ProviderError("AI_SERVICE_ERROR", "429", { retryable: true, retryAfterMs: 10_000 })),
    );
    const deadline = Date.now() + 5000;
    const call = guardedCall({ provider: "patient", breaker: api, signal, deadline }, busy);
    await expect(call).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE", retryable: false });
    expect(busy).toHaveBeenCalledTimes(1);
  });

  it("is not made while the breaker is open", async () => {
    const { api } = watched({ allowed: false, retryAfterMs: 30_000 });
    const work = vi.fn();
    const call = guardedCall({ provider: "shut", breaker: api, signal }, work);
    await expect(call).rejects.toThrow(CallPostponedError);
    expect(work).not.toHaveBeenCalled();
  });

  it("reports a probe's outcome under its number", async () => {
    const { api, told } = watched({ allowed: true, status: "half_open", probe: 4 });
    await guardedCall({ provider: "probing", breaker: api, signal }, async () => "done");
    expect(told).toEqual([{ successes: 1, failures: 0, probe: 4 }]);
  });

  it("goes on when the breaker itself cannot be reached", async () => {
    const lost = () => Promise.reject(new Error("no route"));
    const api: CircuitBreakerApi = { admit: lost, record: lost, view: lost, switchOff: lost };
    const call = guardedCall({ provider: "lost", breaker: api, signal }, async () => "done");
    expect(await call).toBe("done");
  });

  it("is not tried again once its task is over", async () => {
    const { api } = watched();
    const work = vi.fn(() =>
      Promise.reject(new ProviderError("AI_SERVICE_ERROR", "500", { retryable: true })),
    );
    const over = AbortSignal.abort();
    await expect(guardedCall({ provider: "over", breaker: api, signal: over }, work)).rejects.toThrow("500");
    expect(work).toHaveBeenCalledTimes(1);
  });
});

describe("While the breaker is open", () => {
  const search = plan("find", { find: { action: "web_search", input: { query: "tea" } } });

  it("tasks are deferred, not burnt, and done when it has closed", async () => {
    const { view, envelope } = await startedTask("breaker_open", search);
    await open("serpapi");
    later(3000); // The isolate may still hold its two-second belief that the breaker is closed.
    const asked = sandboxBinding();
    await deliver("adapters", [envelope("find")], asked);
    expect(asked.calls).toEqual([]);
    expect(await view()).toMatchObject({ status: "running", fuel: { reserved: 5, spent: 0 } });
    later(45_000);
    await deliver("adapters", [envelope("find")], asked);
    expect(asked.calls).toHaveLength(1);
    expect(await view()).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 5 } });
    expect(await breaker("serpapi").view()).toMatchObject({ status: "closed", trips: 1 });
  });

  it("waiting for a probe that hangs burns none of a task's deferrals", async () => {
    const { view, envelope } = await startedTask("breaker_probe_hangs", search);
    await open("serpapi");
    later(31_000);
    expect(await breaker("serpapi").admit(nothing)).toMatchObject({ probe: 1 });
    const asked = sandboxBinding();
    for (let asks = 0; asks < 30; asks++) {
      later(12_500);
      // Once a probe counts as lost, somebody else's is out.
      await breaker("serpapi").admit(nothing);
      await deliver("adapters", [envelope("find")], asked);
      expect((await view()).status).toBe("running");
    }
    expect(asked.calls).toEqual([]);
    await breaker("serpapi").record({ successes: 1, failures: 0, probe: 1 });
    later(13_000);
    await deliver("adapters", [envelope("find")], asked);
    expect((await view()).status).toBe("completed");
  });

  it("other providers' tasks go on", async () => {
    await open("serpapi");
    const { view, envelope } = await startedTask(
      "breaker_other",
      plan("draw", { draw: { action: "ai_image_generate", input: { prompt: "tea" } } }),
    );
    await deliver("adapters", [envelope("draw")]);
    expect((await view()).status).toBe("completed");
  });
});

it("Three runs that fail at the provider open its breaker", async () => {
  for (const client of ["opens_a", "opens_b", "opens_c"]) {
    const failing = plan("find", { find: { action: "web_search", input: { query: `tea ${client} #fail` } } });
    const { envelope } = await startedTask(client, failing);
    await deliver("adapters", [envelope("find")]);
  }
  expect(await breaker("serpapi").view()).toMatchObject({ status: "open", trips: 1 });
});
