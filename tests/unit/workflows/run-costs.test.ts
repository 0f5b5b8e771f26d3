import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createLogger } from "#src/observability/logger.ts";
import { openTexts, TextCourier } from "#src/realtime/index.ts";
import type { TaskWork } from "#src/tasks/index.ts";
import { plan, usage } from "../../support/plans.ts";
import { costsOfRun } from "../../support/run-costs.ts";
import { completeTask } from "../../support/task-reports.ts";
import { startedTask } from "../../support/tasks.ts";

const write = (next_step?: string) => ({
  action: "ai_text_generate",
  input: { prompt: "About {{input.topic}}" },
  ...(next_step && { next_step }),
});

const threeTexts = plan("one", { one: write("two"), two: write("three"), three: write() });

const budget = { rowsWritten: 60, calls: 30, queueOperations: 15, statements: 66 };

/** A text in 80 pieces, as a model streams it. */
async function streamed({ assignment }: TaskWork) {
  const { correlationId: runId, taskId, stepName: step, instanceId, userId: ownerUserId } = assignment;
  const courier = new TextCourier(() => env.TENANT_HUB.getByName("run_costs"), createLogger("agents"));
  const live = openTexts([courier], { runId, taskId, step, instanceId, ownerUserId }, assignment.attempt);
  const pieces = Array.from({ length: 80 }, (_, index) => `Tea ${index}! `);
  for (const piece of pieces) live.add(piece);
  await live.finish();
  live.close();
  return { output: { text: pieces.join("") } };
}

it("A run of three texts in 80 pieces each costs its tenant's object few rows, statements, calls and messages", async () => {
  const { byStatement, ...costs } = await costsOfRun("run_costs", threeTexts, streamed);
  const excess = Object.entries(costs).filter(([what, count]) => count > Reflect.get(budget, what));
  expect(excess, JSON.stringify({ ...costs, ...byStatement }, null, 1)).toEqual([]);
});

it("A finished run of three texts of 1 KB takes little room, beside the events of which the log keeps the last", async () => {
  const text = "Tea and biscuits. ".repeat(57);
  const sizeAfter = async (runs: number) => {
    for (let run = 0; run < runs; run++) {
      const { correlationId, tenant } = await startedTask("run_bytes", threeTexts);
      for (const step of ["one", "two", "three"])
        await completeTask(tenant, `${correlationId}.${step}.main`, 1, { output: { text }, usage });
    }
    return runInDurableObject(env.TENANT_WORKFLOWS.getByName("run_bytes"), (_, { storage }) => {
      storage.sql.exec("DELETE FROM unconfirmed");
      storage.sql.exec("DELETE FROM event_blocks");
      return storage.sql.databaseSize;
    });
  };
  const before = await sizeAfter(20);
  expect(((await sizeAfter(60)) - before) / 60).toBeLessThanOrEqual(14_000);
});
