import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { limits } from "#src/engine/limits.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { largestRow } from "../../support/largest-row.ts";
import { tenantObject } from "../../support/objects.ts";
import { plan, startRequest, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";

const items = 1000;
const atOnce = 50;
/** A SQLite row of a Durable Object. */
const maxRowBytes = 2 * 1024 * 1024;

const wide = plan("each", {
  each: {
    action: "web_search",
    for_each: "input.items",
    max_parallel: atOnce,
    input: { query: "{{item}}" },
    next_step: "done",
  },
  done: { action: "complete_workflow", input: { found: "{{steps.each.output}}" } },
});

const wideRequest = (clientId: string) =>
  startRequest(clientId, {
    plan: wide,
    input: { items: Array.from({ length: items }, (_, index) => `item ${index}`) },
    fuelBudget: 10_000,
  });

/** Rows that the object's SQLite reads and writes while it works. */
async function rowsDuring(clientId: string, work: () => Promise<unknown>) {
  const stub = env.TENANT_WORKFLOWS.getByName(clientId);
  const spy = await runInDurableObject(stub, (_, { storage }) => vi.spyOn(storage.sql, "exec"));
  await work();
  return runInDurableObject(stub, () => {
    const cursors = spy.mock.results.map(({ value }) => value);
    spy.mockRestore();
    const sum = (field: "rowsRead" | "rowsWritten") =>
      cursors.reduce((total, cursor) => total + cursor[field], 0);
    return { statements: cursors.length, read: sum("rowsRead"), written: sum("rowsWritten") };
  });
}

describe("A fan-out of 1 000 items", () => {
  it("has 50 out at most, completes, and costs the same per item from the first to the last", async () => {
    const clientId = "wide_run";
    const tenant = tenantObject(clientId);
    const { correlationId } = valueOrThrow(await tenant.startRun(wideRequest(clientId)));
    const complete = (index: number) =>
      completeTask(tenant, `${correlationId}.each.${index}`, 1, {
        output: { results: [`found ${index}`] },
        usage,
      });
    const costs = [];
    for (let done = 0; done < items; done += atOnce) {
      const { openTasks } = await tenant.describe();
      expect(openTasks).toBe(atOnce);
      const wave = Array.from({ length: atOnce }, (_, index) => done + index);
      const claims = await tenant.claimTasks(wave.map((index) => [`${correlationId}.each.${index}`, 1]));
      expect(claims.every(({ ok }) => ok)).toBe(true);
      const [first = 0, ...rest] = wave;
      if (done === atOnce || done === items - 2 * atOnce)
        costs.push(await rowsDuring(clientId, () => complete(first)));
      else await complete(first);
      expect((await tenant.describe()).openTasks).toBe(Math.min(atOnce, items - done - 1));
      await Promise.all(rest.map(complete));
    }
    const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
    expect(run).toMatchObject({ status: "completed", error: null, fuel: { reserved: 0, spent: 5 * items } });
    expect(run.steps[0]?.output).toHaveLength(items);

    const [early, late] = costs;
    console.log("one completion early and late in the list:", early, late);
    expect(early?.written).toBeGreaterThan(0);
    // The object delivers meanwhile, so the two need not be equal; they must not grow with the items done.
    expect(late?.written).toBeLessThan(2 * (early?.written ?? 0));
    expect(late?.read).toBeLessThan(2 * (early?.read ?? 0) + 100);
  }, 60_000);

  it("is kept in rows far below the limit of one", async () => {
    const clientId = "wide_rows";
    const tenant = tenantObject(clientId);
    await tenant.startRun(wideRequest(clientId));
    const largest = await largestRow(clientId);
    expect(largest).toBeLessThan(maxRowBytes / 2);
    expect(limits.headerBytes + limits.joinedBytes).toBeLessThan(2 * maxRowBytes);
  });

  it("goes on where it was when the object has been evicted in the middle of it", async () => {
    const clientId = "wide_again";
    const tenant = tenantObject(clientId);
    const { correlationId } = valueOrThrow(await tenant.startRun(wideRequest(clientId)));
    const report = (index: number) =>
      completeTask(tenant, `${correlationId}.each.${index}`, 1, { output: { results: [] }, usage });
    for (let index = 0; index < 30; index++) await report(index);
    await evictDurableObject(env.TENANT_WORKFLOWS.getByName(clientId));
    expect(await report(3)).toEqual({ applied: false });
    expect(await report(79)).toEqual({ applied: true });
    expect(await report(81)).toEqual({ applied: false });
    expect(await tenant.describe()).toMatchObject({ openTasks: atOnce });
  });
});
