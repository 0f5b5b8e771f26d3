import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it, vi } from "vitest";
import { TaskError } from "#src/engine/task-error.ts";
import { createLogger } from "#src/observability/logger.ts";
import { noMetrics } from "#src/observability/metrics/metrics.ts";
import { type Consumer, consumeTasks } from "#src/tasks/consume-tasks.ts";
import { oneTextStep } from "../support/plans.ts";
import { claimTask } from "../support/task-reports.ts";
import { deadLetterQueue, startedTask } from "../support/tasks.ts";

let tenants = 0;

async function started() {
  const run = await startedTask(`refused_${tenants++}`, oneTextStep);
  const taskId = `${run.correlationId}.write.main`;
  return { ...run, taskId };
}

/** Has a task done by this work, once. */
async function consume(work: Consumer["work"]) {
  const { tenant, view, envelope } = await started();
  const message = { id: uuidv7(), timestamp: new Date(), attempts: 1, body: envelope("write") };
  const batch = createMessageBatch("agent-tasks-normal", [message]);
  await consumeTasks(batch, {
    name: "agents",
    workflowsOf: () => tenant,
    deadLetters: deadLetterQueue().queue,
    blobs: env.BLOBS,
    logger: createLogger("test", "error"),
    metrics: noMetrics,
    work,
  });
  return { result: await getQueueResult(batch, createExecutionContext()), run: await view() };
}

const refused = { status: "failed", error: { code: "REPORT_INVALID" }, fuel: { reserved: 0, spent: 0 } };
const usage = { tokensIn: 7, tokensOut: 3, costMicros: 1, durationMs: 5 };

describe("Whatever a report's schema refuses ends the task", () => {
  it.each([
    ["negative", -5],
    ["fractional", 1.5],
    ["no number", Number.NaN],
    ["endless", Number.POSITIVE_INFINITY],
  ])("the work's usage: %s", async (_, tokensIn) => {
    const work = vi.fn<Consumer["work"]>(async ({ meter }) => {
      meter.add({ model: "m", tokensIn, tokensOut: 1, costMicros: 1, isEstimated: false });
      return { output: { text: "Tea" } };
    });
    const { run, result } = await consume(work);
    expect(run).toMatchObject(refused);
    expect(work).toHaveBeenCalledTimes(1);
    expect(result.explicitAcks).toHaveLength(1);
  });

  it("the usage of work that failed", async () => {
    const { run, result } = await consume(async ({ meter }) => {
      meter.add({ model: "m", tokensIn: -1, tokensOut: 1, costMicros: 1, isEstimated: false });
      throw new TaskError("OUT_OF_TEA", "There is none");
    });
    expect(run).toMatchObject(refused);
    expect(result.explicitAcks).toHaveLength(1);
  });

  it.each([
    ["fuel", { fuelUsed: -1 }],
    ["the last piece of text", { rest: { index: 0.5, delta: "Tea" } }],
  ])("the work's outcome: %s", async (_, more) => {
    const { run } = await consume(async () => ({ output: {}, ...more }));
    expect(run).toMatchObject(refused);
  });

  it("what can be read of its usage counts, and the answer says what was refused", async () => {
    const { tenant, taskId, view } = await started();
    await claimTask(tenant, taskId, 1);
    const [report] = await tenant.completeTasks([
      { taskId, attempt: 1, result: { output: {}, usage, fuelUsed: -1 } },
    ]);
    expect(report).toEqual({ applied: true });
    const { error, steps } = await view();
    expect(error?.details).toMatchObject({ problems: [expect.stringMatching(/^result\.fuelUsed: /)] });
    expect(steps[0]?.tokens).toEqual({ input: 7, output: 3 });
  });

  it("a deferral that has no end", async () => {
    const { tenant, taskId, view } = await started();
    await claimTask(tenant, taskId, 1);
    await tenant.deferTask(taskId, 1, Number.POSITIVE_INFINITY);
    expect(await view()).toMatchObject(refused);
  });

  it("and touches no report beside it", async () => {
    const { tenant, taskId, view } = await started();
    await claimTask(tenant, taskId, 1);
    const bad = { output: {}, usage: { ...usage, tokensIn: -1 } };
    const reports = await tenant.completeTasks([
      { taskId: `${uuidv7()}.write.main`, attempt: 1, result: bad },
      { taskId, attempt: 1, result: { output: { text: "Tea" }, usage } },
    ]);
    expect(reports).toEqual([{ applied: false }, { applied: true }]);
    expect((await view()).status).toBe("completed");
  });
});
