import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { type Job, runFreeJobs } from "#src/jobs/index.ts";
import { perform } from "#src/operation/perform.ts";
import { getSystemStatus } from "#src/system/index.ts";
import { durationText, sizeText } from "#src/system/status/units.ts";
import { api } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { configure, configureNothing } from "../../support/configuration.ts";
import { circuitBreaker } from "../../support/objects.ts";
import { present } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { createUser } from "../../support/users.ts";

afterEach(closeBreakers);

const admin = await createUser("operator", { role: "admin" });
const status = async () => present((await api(admin.token).GET("/api/v1/admin/system/status")).data);

/** As the operation answers where the platform has other parts. */
const statusWith = async (overrides: Parameters<typeof testPlatform>[0]) =>
  (await perform(getSystemStatus, testPlatform(overrides), admin.actor, {})).output;

describe("The system's status", () => {
  it("tells services, databases and queues", async () => {
    expect(await status()).toMatchObject({
      services: {
        "persona-gateway": { status: "healthy", version: expect.any(String), uptime: expect.any(String) },
        "persona-objects": { status: "healthy" },
        "persona-agents": { status: "healthy" },
      },
      databases: { d1: { status: "healthy", active_connections: 0, size: expect.stringMatching(/B$/) } },
      kafka: { status: "healthy", topic_count: expect.any(Number), total_consumer_lag: expect.any(Number) },
      maintenance: { enabled: false },
    });
  });

  it("tells how each job went the last time", async () => {
    const jobs: Record<string, Job> = {
      "a good one": async () => 7,
      "a bad one": async () => {
        throw new Error("Not today");
      },
    };
    await runFreeJobs(testPlatform(), jobs, Date.now());
    const told = await status();
    expect(told.jobs).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ job: "a good one", outcome: "completed", count: 7, is_running: false }),
        expect.objectContaining({
          job: "a bad one",
          outcome: "failed",
          error: "Error: Not today",
          failures: 1,
        }),
      ]),
    );
    expect(told.status).toBe("degraded");
  });

  it("tells which breakers are open, and until when", async () => {
    await circuitBreaker("anthropic").record({ successes: 0, failures: 3 });
    const { status: all, breakers } = await status();
    expect(all).toBe("degraded");
    expect(breakers.anthropic).toMatchObject({
      adapter: "anthropic",
      circuit_breaker: "open",
      circuit_counts: { consecutive_failures: 3 },
      retry_at: expect.any(String),
      is_off: false,
    });
    expect(breakers.serpapi).toMatchObject({ circuit_breaker: "closed", retry_at: null });
  });

  it("tells of maintenance", async () => {
    await configure({ maintenance: { enabled: true, message: "Back at noon" } });
    expect((await status()).maintenance).toEqual({ enabled: true, message: "Back at noon" });
    await configureNothing();
  });

  it("names the consumer that lets messages wait", async () => {
    const now = Date.now();
    const { queues } = testPlatform();
    const waiting = {
      metrics: async () => ({
        backlogCount: 5,
        backlogBytes: 0,
        oldestMessageTimestamp: new Date(now - 61_000),
      }),
    };
    const all: typeof queues.all = (name) =>
      queues.all(name).map((queue) => (name === "adapter-tasks" ? { ...queue, ...waiting } : queue));
    const { services, kafka } = await statusWith({ queues: { ...queues, all } });
    expect(services["persona-adapters"]?.status).toBe("degraded");
    expect(services["persona-agents"]?.status).toBe("healthy");
    expect(kafka.total_consumer_lag).toBeGreaterThanOrEqual(5);
  });

  it("is told also where a queue does not answer", async () => {
    const { queues } = testPlatform();
    const all = () => {
      throw new Error("away");
    };
    expect(await statusWith({ queues: { ...queues, all } })).toMatchObject({
      status: "degraded",
      kafka: { status: "unhealthy", broker_count: 0, total_consumer_lag: null },
      databases: { d1: { status: "healthy" } },
    });
  });
});

describe("For people", () => {
  it("sizes have few digits", () => {
    expect([0, 9000, 12_345_678, 5e12].map(sizeText)).toEqual(["0 bytes", "9000 bytes", "12 MB", "4657 GB"]);
  });

  it("durations are those of Go, and add up", () => {
    expect([0, 7999, 60_000, 93_787_000].map(durationText)).toEqual(["0s", "7s", "1m0s", "26h3m7s"]);
    fc.assert(
      fc.property(fc.nat(1_000_000), (seconds) => {
        const [, h = 0, m = 0, s = 0] =
          /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(durationText(1000 * seconds)) ?? [];
        expect(3600 * Number(h) + 60 * Number(m) + Number(s)).toBe(seconds);
      }),
    );
  });
});
