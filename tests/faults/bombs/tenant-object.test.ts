import { describe, expect, it, vi } from "vitest";
import { ExpressionAllowance } from "#durable-objects/tenant-workflows/runs/expression-allowance.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { plan, startRequest } from "../../support/plans.ts";

const heavy = plan("a", {
  a: {
    action: "web_search",
    input: { nine: Array(9).fill("{% for i in (1..49000) %}{% assign x = i %}{% endfor %}") },
  },
});

describe("A user whose runs fail for what their expressions do", () => {
  it("waits before the next one, and nobody else of the tenant does", async () => {
    const clientId = "bomb_loops";
    const tenant = tenantObject(clientId);
    const start = (userId: string) => tenant.startRun({ ...startRequest(clientId, { plan: heavy }), userId });
    const outcomes = [];
    for (let run = 0; run < 10; run++) outcomes.push(await start("hostile"));
    expect(outcomes.filter(({ ok }) => ok).length).toBeLessThanOrEqual(5);
    expect(outcomes.at(-1)).toMatchObject({
      ok: false,
      code: "RATE_LIMITED",
      details: { retry_after: expect.any(Number) },
    });
    expect(await start("other")).toMatchObject({ ok: true });
  });

  it("may go on when time has passed", () => {
    const allowance = new ExpressionAllowance();
    for (let run = 0; run < 4; run++) allowance.spend("hostile", 15_000_000, 0);
    expect(allowance.waitOf("hostile", 0)).toBe(8);
    expect(allowance.waitOf("hostile", 4000)).toBe(4);
    expect(allowance.waitOf("hostile", 8000)).toBe(0);
    expect(allowance.waitOf("other", 0)).toBe(0);
  });
});

describe("A thousand memories to store", () => {
  it("are stored a few at a time: others are answered in between", async () => {
    const clientId = "bomb_memories";
    const tenant = tenantObject(clientId);
    const workflow = plan("keep", {
      keep: { action: "store_memory", for_each: "input.items", input: { content: "{{item}}" } },
    });
    const items = Array.from({ length: 1000 }, (_, n) => `memory number ${n}`);
    const { correlationId } = valueOrThrow(
      await tenant.startRun(startRequest(clientId, { plan: workflow, input: { items }, fuelBudget: 10_000 })),
    );
    const seen = [0];
    // A paced watcher: one that asks without a pause would itself keep the object from its work.
    await vi.waitUntil(
      async () => {
        seen.push(await tenant.countMemories());
        return seen.at(-1) === items.length;
      },
      { timeout: 50_000, interval: 1 },
    );
    const steps = seen.map((count, index) => count - (seen[index - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(50);
    const run = valueOrThrow(await tenant.waitForRun(correlationId, "tenant", 10_000));
    expect(run.status).toBe("completed");
    expect(run.steps[0]?.output).toHaveLength(items.length);
  }, 60_000);
});
