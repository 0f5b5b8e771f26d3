import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, it, vi } from "vitest";
import type { TasksApi } from "#src/objects/tasks-api.ts";
import { createLogger } from "#src/observability/logger.ts";
import { noMetrics } from "#src/observability/metrics/metrics.ts";
import { type Consumer, consumeTasks } from "#src/tasks/consume-tasks.ts";
import { oneTextStep } from "../support/plans.ts";
import { deadLetterQueue, startedTask } from "../support/tasks.ts";

/** The real tenant object behind a line that fails so many times at one of its methods. */
function flaky(tenant: TasksApi, method: keyof TasksApi, failures: number) {
  let left = failures;
  return new Proxy(tenant, {
    get: (target, name) =>
      name === method && left-- > 0
        ? () => Promise.reject(new Error("Network connection lost"))
        : Reflect.get(target, name),
  });
}

async function consume(clientId: string, method: keyof TasksApi, failures: number) {
  const { tenant, view, envelope } = await startedTask(clientId, oneTextStep);
  const line = flaky(tenant, method, failures);
  const work = vi.fn<Consumer["work"]>(async () => ({ output: { text: "Tea" } }));
  const message = { id: uuidv7(), timestamp: new Date(), attempts: 2, body: envelope("write") };
  const batch = createMessageBatch("agent-tasks-normal", [message]);
  await consumeTasks(batch, {
    name: "agents",
    workflowsOf: () => line,
    deadLetters: deadLetterQueue().queue,
    blobs: env.BLOBS,
    logger: createLogger("test", "error"),
    metrics: noMetrics,
    work,
  });
  return { result: await getQueueResult(batch, createExecutionContext()), work, run: await view() };
}

it("A report that gets lost is repeated, not the work", async () => {
  const { work, run, result } = await consume("lost_twice", "completeTasks", 2);
  expect(work).toHaveBeenCalledTimes(1);
  expect(run).toMatchObject({ status: "completed", result: { text: "Tea" } });
  expect(result.explicitAcks).toHaveLength(1);
});

it("A result that is never taken fails the task instead of being paid for again", async () => {
  const { work, run } = await consume("never_taken", "completeTasks", 100);
  expect(work).toHaveBeenCalledTimes(1);
  expect(run).toMatchObject({ status: "failed", error: { code: "INTERNAL_ERROR" } });
});

it("A claim that gets lost has the message delivered again, with nothing done", async () => {
  const { work, run, result } = await consume("lost_claim", "claimTasks", 1);
  expect(work).not.toHaveBeenCalled();
  expect(result.retryMessages).toHaveLength(1);
  expect(run.status).toBe("running");
});
