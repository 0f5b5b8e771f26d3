import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { createLogger } from "#src/observability/logger.ts";
import { noMetrics } from "#src/observability/metrics/metrics.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import { DetachedWork } from "#src/tasks/detached-work.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import { oneTextStep } from "../../support/plans.ts";
import { deadLetterQueue, startedTask } from "../../support/tasks.ts";

it("A batch is answered while its work goes on, and the work is done", async () => {
  const { view, envelope } = await startedTask("detached", oneTextStep);
  const message = { id: uuidv7(), timestamp: new Date(), attempts: 1, body: envelope("write") };
  const batch = createMessageBatch("agent-tasks-normal", [message]);
  const ctx = createExecutionContext();
  const { promise: providerAnswers, resolve: answer } = Promise.withResolvers<void>();
  await consumeTasks(batch, {
    name: "agents",
    workflowsOf: ({ client_id, correlation_id }) => tenantObjectOfRun(client_id, correlation_id),
    deadLetters: deadLetterQueue().queue,
    blobs: env.BLOBS,
    logger: createLogger("test", "error"),
    metrics: noMetrics,
    detached: new DetachedWork((work) => ctx.waitUntil(work)),
    async work() {
      await providerAnswers;
      return { output: { text: "Tea" } };
    },
  });
  expect((await view()).status).toBe("running");
  answer();
  expect((await getQueueResult(batch, ctx)).explicitAcks).toEqual([message.id]);
  expect(await view()).toMatchObject({ status: "completed", result: { text: "Tea" } });
});

it("Work that breaks off leaves its task to its lease", async () => {
  const { tenant, view, envelope } = await startedTask("detached_broken", oneTextStep);
  const message = { id: uuidv7(), timestamp: new Date(), attempts: 1, body: envelope("write") };
  const batch = createMessageBatch("agent-tasks-normal", [message]);
  const ctx = createExecutionContext();
  const broken = new Proxy(tenant, {
    get: (target, name) =>
      name === "completeTasks" || name === "failTask"
        ? () => Promise.reject(new Error("Network connection lost"))
        : Reflect.get(target, name),
  });
  await consumeTasks(batch, {
    name: "agents",
    workflowsOf: () => broken,
    deadLetters: deadLetterQueue().queue,
    blobs: env.BLOBS,
    logger: createLogger("test", "error"),
    metrics: noMetrics,
    detached: new DetachedWork((work) => ctx.waitUntil(work)),
    work: async () => ({ output: { text: "Tea" } }),
  });
  expect((await getQueueResult(batch, ctx)).explicitAcks).toEqual([message.id]);
  expect((await view()).status).toBe("running");
});
