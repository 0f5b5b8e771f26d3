import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { wakeQuietRuns } from "#src/runs/administration/wake-quiet-runs.ts";
import { runJobs } from "#workers/gateway/jobs.ts";
import { plan } from "../support/plans.ts";
import { startedTask } from "../support/tasks.ts";

const asking = plan("ask", { ask: { action: "pause_for_human_input", timeout_seconds: 3600 } });
const objectOf = (clientId: string) => env.TENANT_WORKFLOWS.getByName(clientId);

const alarmOf = (clientId: string) =>
  runInDurableObject(objectOf(clientId), (_, { storage }) => storage.getAlarm());

/** A run that waits for an answer; everything it had to say is said. */
async function pausedRun(clientId: string) {
  const started = await startedTask(clientId, asking);
  await runInDurableObject(objectOf(clientId), async (instance, { storage }) => {
    await vi.waitUntil(async () => {
      storage.sql.exec("DELETE FROM unconfirmed");
      await instance.alarm();
      return Number(await storage.getAlarm()) > Date.now() + 3_500_000;
    });
  });
  return started;
}

/** What the platform does to an alarm that has failed six times: nothing remains of it. */
const giveUp = (clientId: string) =>
  runInDurableObject(objectOf(clientId), (_, { storage }) => storage.deleteAlarm());

/** Five whole minutes from the epoch, an hour from now. */
const sweepTime = () => Math.ceil(Date.now() / 300_000) * 300_000 + 3_600_000;

const remember = (clientId: string, id: string, updatedAt: number) =>
  env.DB.prepare(
    `INSERT INTO runs (correlation_id, revision, client_id, user_id, status, fuel_budget, fuel_spent, tokens_in,
       tokens_out, cost_micros, created_at, updated_at) VALUES (?, 1, ?, 'u', 'paused', 1, 0, 0, 0, 0, 1, ?)`,
  )
    .bind(id, clientId, updatedAt)
    .run();

afterEach(() => {
  vi.useRealTimers();
});

describe("An alarm that the platform has given up", () => {
  it("is set again by a new instance of the object, for when the run's time comes", async () => {
    const clientId = "alarm_given_up";
    await pausedRun(clientId);
    const due = await alarmOf(clientId);
    expect(due).toBeGreaterThan(Date.now() + 3_500_000);
    await giveUp(clientId);
    expect(await alarmOf(clientId)).toBeNull();
    await evictDurableObject(objectOf(clientId));
    await objectOf(clientId).describe();
    // First for what a new instance does not know to be told, then for the run.
    expect(await alarmOf(clientId)).toBeLessThanOrEqual(due ?? 0);
    await runInDurableObject(objectOf(clientId), (instance) => instance.alarm());
    expect(await alarmOf(clientId)).toBe(due);
  });

  it("is set again by the sweep, also in an instance that believes it is set, and the run ends in time", async () => {
    const clientId = "alarm_swept";
    const { correlationId, view } = await pausedRun(clientId);
    await remember(clientId, correlationId, Date.now());
    await giveUp(clientId);
    const now = sweepTime() + 300_000;
    vi.useFakeTimers({ now, toFake: ["Date"] });
    await runJobs(env, now);
    expect(await alarmOf(clientId)).not.toBeNull();
    await runInDurableObject(objectOf(clientId), (instance) => instance.alarm());
    expect((await view()).status).toBe("failed");
  });

  it("costs an object that waits for days one call in five minutes, and one with runs that are heard of none", async () => {
    const woken: string[] = [];
    const context = {
      db: database(env.DB),
      objects: {
        allWorkflows: async (clientId: string) => [{ wake: async () => void woken.push(clientId) }],
      },
    };
    const now = sweepTime();
    await remember("alarm_quiet", "quiet-run", now - 200_000);
    await remember("alarm_loud", "loud-run", now - 60_000);
    for (let minute = 0; minute < 5; minute++) await wakeQuietRuns(context, now + minute * 60_000);
    expect(woken.filter((clientId) => clientId === "alarm_quiet")).toHaveLength(1);
    expect(woken).not.toContain("alarm_loud");
  });

  it("is reported when an object does not wake, which holds up no other", async () => {
    const woken: string[] = [];
    const allWorkflows = async (clientId: string) => [
      {
        wake: async () => {
          if (clientId === "alarm_broken") throw new Error("does not wake");
          woken.push(clientId);
        },
      },
    ];
    const now = sweepTime();
    await remember("alarm_broken", "broken-run", 1);
    await remember("alarm_other", "other-run", 2);
    await expect(wakeQuietRuns({ db: database(env.DB), objects: { allWorkflows } }, now)).rejects.toThrow(
      AggregateError,
    );
    expect(woken).toContain("alarm_other");
  });
});

it("An alarm that fails is set for what comes next all the same", async () => {
  const clientId = "alarm_fails";
  await pausedRun(clientId);
  await runInDurableObject(objectOf(clientId), async (instance, { storage }) => {
    storage.sql.exec("ALTER TABLE idempotency RENAME TO elsewhere");
    await expect(instance.alarm()).rejects.toThrow();
    storage.sql.exec("ALTER TABLE elsewhere RENAME TO idempotency");
  });
  // It rings sooner while something of the pause is still to be delivered.
  await expect.poll(() => alarmOf(clientId)).toBeGreaterThan(Date.now() + 3_500_000);
});
