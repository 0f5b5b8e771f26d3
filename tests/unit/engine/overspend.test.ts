import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { plan, startRequest, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";

const branches = 1000;
/** Of a web search. */
const cost = 5;

const wide = (max_parallel: number) =>
  plan("each", {
    each: {
      action: "web_search",
      for_each: "input.items",
      max_parallel,
      input: { query: "{{item}}" },
      retry: { max_attempts: 10, backoff_seconds: 0 },
    },
  });

const request = (clientId: string, maxParallel: number, fuelBudget: number) =>
  startRequest(clientId, {
    plan: wide(maxParallel),
    input: { items: Array.from({ length: branches }, (_, index) => index) },
    fuelBudget,
  });

const fuelSchema = z.object({ budget: z.number(), reserved: z.number(), spent: z.number() });

const inObject = <T>(clientId: string, look: (sql: SqlStorage) => T) =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) => look(storage.sql));

/** The run's fuel as it is written at this moment, and what its tasks say. */
const fuelOf = (clientId: string) =>
  inObject(clientId, (sql) => {
    const { fuel } = sql.exec<{ fuel: string }>("SELECT body -> 'fuel' AS fuel FROM runs").one();
    const tasks = sql
      .exec<{ reserved: number; spent: number }>(
        `SELECT sum(CASE WHEN state ->> 'status' IN ('dispatched', 'waiting') THEN state ->> 'fuelReserved' ELSE 0 END)
           AS reserved, sum(state ->> 'fuelSpent') AS spent
         FROM (SELECT state FROM tasks UNION ALL SELECT task.value FROM runs, json_each(body, '$.tasks') AS task)`,
      )
      .one();
    return { fuel: fuelSchema.parse(JSON.parse(fuel)), tasks };
  });

const tasksOut = (clientId: string) =>
  inObject(clientId, (sql) =>
    sql
      .exec<{ id: string; attempt: number }>(
        "SELECT id, state ->> 'attempt' AS attempt FROM tasks WHERE send_at IS NOT NULL",
      )
      .toArray(),
  );

/** From 0 up to a number, the same for the same seed. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Reports on random tasks at once, in every way there is, until the run has ended; looks at its fuel all the while. */
async function carryOut(clientId: string, id: string, seed: number) {
  const random = randomFrom(seed);
  const tenant = tenantObject(clientId);
  const seen: Awaited<ReturnType<typeof fuelOf>>[] = [];
  const look = async () => void seen.push(await fuelOf(clientId));
  const failure = { error: { code: "BROKEN", message: "broken", retryable: true } };
  for (;;) {
    const out = await tasksOut(clientId);
    if (out.length === 0) {
      const run = valueOrThrow(await tenant.getRun(id, "tenant"));
      if (run.completed_at !== null) return { run, seen };
      await runDurableObjectAlarm(env.TENANT_WORKFLOWS.getByName(clientId));
      continue;
    }
    const chosen = Array.from({ length: 60 }, () => out[random(out.length)] ?? { id: "", attempt: 1 });
    await Promise.all(
      chosen.flatMap(({ id: task, attempt }): Promise<unknown>[] => {
        const output = { results: [] };
        const fuelUsed = random(3) === 0 ? random(cost + 3) : undefined;
        const complete = () => completeTask(tenant, task, attempt, { output, usage, fuelUsed });
        switch (random(8)) {
          case 0:
            return [tenant.failTask(task, attempt, failure)];
          case 1:
            return [complete(), tenant.failTask(task, attempt, failure), complete()];
          case 2:
            return [claimTask(tenant, task, attempt), complete(), look()];
          default:
            return [complete()];
        }
      }),
    );
    await look();
  }
}

describe("1 000 parallel branches never spend more than the run's budget", () => {
  it.each([
    ["enough for 60 of them", 60 * cost, 11],
    ["enough for 200 of them and a bit", 200 * cost + 3, 12],
  ])(
    "with %s",
    async (_, budget, seed) => {
      const clientId = `overspend_${seed}`;
      const tenant = tenantObject(clientId);
      const { correlationId } = valueOrThrow(await tenant.startRun(request(clientId, 50, budget)));
      const { run, seen } = await carryOut(clientId, correlationId, seed);
      for (const { fuel, tasks } of seen) {
        expect(fuel.reserved + fuel.spent).toBeLessThanOrEqual(budget);
        expect(tasks).toEqual({ reserved: fuel.reserved, spent: fuel.spent });
      }
      expect(seen.length).toBeGreaterThan(5);
      const { details } = z.object({ details: z.object({ available: z.number() }) }).parse(run.error);
      expect(run).toMatchObject({
        status: "failed",
        error: { code: "INSUFFICIENT_FUEL", details: { required: cost, action: "web_search" } },
        fuel: { budget, reserved: 0 },
      });
      expect(details.available).toBeLessThan(cost);
      expect(run.fuel.spent).toBeLessThanOrEqual(budget);
    },
    60_000,
  );

  it("with enough for all of them, to the last unit; what was reserved in vain returns", async () => {
    const clientId = "overspend_enough";
    const tenant = tenantObject(clientId);
    const budget = branches * cost;
    const { correlationId } = valueOrThrow(await tenant.startRun(request(clientId, branches, budget)));
    expect((await fuelOf(clientId)).fuel).toEqual({ budget, reserved: budget, spent: 0 });
    const tasks = await tasksOut(clientId);
    expect(tasks).toHaveLength(branches);
    const some = tasks.slice(400, 600);
    await Promise.all(
      some.map(({ id, attempt }) => completeTask(tenant, id, attempt, { output: { results: [] }, usage })),
    );
    const spent = some.length * cost;
    expect((await fuelOf(clientId)).fuel).toEqual({ budget, reserved: budget - spent, spent });
    await tenant.cancelRun(correlationId, "tenant", "Enough");
    expect((await fuelOf(clientId)).fuel).toEqual({ budget, reserved: 0, spent });
  }, 60_000);

  it("with one unit too little for all at once: none is paid for", async () => {
    const clientId = "overspend_short";
    const tenant = tenantObject(clientId);
    const budget = branches * cost - 1;
    const { correlationId } = valueOrThrow(await tenant.startRun(request(clientId, branches, budget)));
    expect(valueOrThrow(await tenant.getRun(correlationId, "tenant"))).toMatchObject({
      status: "failed",
      error: {
        code: "INSUFFICIENT_FUEL",
        details: { required: cost, available: cost - 1, action: "web_search" },
      },
      fuel: { budget, reserved: 0, spent: 0 },
    });
    expect(await tenant.describe()).toMatchObject({ openTasks: 0, activeRuns: 0 });
  });
});
