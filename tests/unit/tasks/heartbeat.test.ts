import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import type { TaskAddress } from "#src/engine/task-report.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { createLogger } from "#src/observability/logger.ts";
import { Heartbeat } from "#src/tasks/heartbeat.ts";
import { oneTextStep } from "../../support/plans.ts";
import { startedTask } from "../../support/tasks.ts";

afterEach(() => {
  vi.useRealTimers();
});

const logger = createLogger("test", "error");

/** Work that goes on until it is ended. */
function openWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: () => promise, end: resolve };
}

it("The leases of all tasks that are worked on are kept with one call, as long as the work goes on", async () => {
  const runs = await Promise.all(["a", "b"].map(() => startedTask("kept_alive", oneTextStep)));
  const addresses = runs.map(({ envelope }): TaskAddress => [envelope("write").task_id, 1]);
  const [run] = runs;
  if (!run) throw new Error("No run");
  const { tenant } = run;
  for (const claim of await tenant.claimTasks(addresses)) valueOrThrow(claim);
  const calls: Promise<void>[] = [];
  const line = {
    renewTasks(open: readonly TaskAddress[]) {
      const call = tenant.renewTasks(open);
      calls.push(call);
      return call;
    },
  };
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date", "setInterval", "clearInterval"] });
  const heartbeat = new Heartbeat(() => line, logger);
  const { work, end } = openWork();
  const both = addresses.map((address) => heartbeat.during(address, 6000, work));
  for (let beat = 1; beat <= 3; beat++) {
    vi.advanceTimersByTime(2000);
    await Promise.all(calls);
    expect(calls).toHaveLength(beat);
  }
  // Six seconds on, past the first lease.
  const claims = await tenant.claimTasks(addresses);
  expect(claims.map((claim) => claim.ok)).toEqual([false, false]);
  end();
  await Promise.all(both);
  vi.advanceTimersByTime(10_000);
  expect(calls).toHaveLength(3);
});

it("A lease is 30 s with a heartbeat every 10 unless set otherwise, so that a restart at the edge buys nothing twice", () => {
  const leaseMs = settingsOf({}).TASK_LEASE_SECONDS * 1000;
  expect(leaseMs).toBe(30_000);
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const renewTasks = vi.fn(async () => {});
  const { work } = openWork();
  void new Heartbeat(() => ({ renewTasks }), logger).during(["task", 1], leaseMs, work);
  vi.advanceTimersByTime(29_999);
  expect(renewTasks).toHaveBeenCalledTimes(2);
});

it("A consumer learns from the object how long its lease is, and holds it for as long", async () => {
  const { tenant, envelope } = await startedTask("lease_told", oneTextStep);
  const address: TaskAddress = [envelope("write").task_id, 1];
  const [claim] = await tenant.claimTasks([address]);
  expect(claim).toMatchObject({ ok: true, value: { leaseMs: 5000 } });
  const lasts = await runInDurableObject(
    env.TENANT_WORKFLOWS.getByName("lease_told"),
    (_, { storage }) =>
      storage.sql.exec<{ until: number }>("SELECT claimed_until AS until FROM tasks").one().until,
  );
  expect(lasts).toBeGreaterThan(Date.now());
  expect(lasts).toBeLessThanOrEqual(Date.now() + 5000);
});
