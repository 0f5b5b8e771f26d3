import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { createLogger } from "#src/observability/logger.ts";
import { noMetrics } from "#src/observability/metrics/metrics.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import { Places } from "#src/tasks/places.ts";
import { tenantObjectOfRun } from "../support/objects.ts";
import { plan } from "../support/plans.ts";
import { deadLetterQueue, startedTask } from "../support/tasks.ts";

const clientId = "hanging_pictures";
const draw = { action: "ai_image_generate", for_each: "[0, 1, 2]" };

it("A batch with pictures that hang does its search, and leaves a picture without a place unclaimed", async () => {
  const { tenant, envelope, view } = await startedTask(clientId, plan("draw", { draw }));
  const other = await startedTask(clientId, plan("look", { look: { action: "web_search" } }));
  const { promise: hang, resolve: answer } = Promise.withResolvers<void>();
  const pictures = [0, 1, 2].map((index) => envelope("draw", String(index)));
  const bodies = [...pictures, { ...other.envelope("look"), topic: "search" }];
  const messages = bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch("adapter-tasks", messages);
  const places = new Places(2);
  const begun: string[] = [];
  const consumed = consumeTasks(batch, {
    name: "adapters",
    workflowsOf: ({ client_id, correlation_id }) => tenantObjectOfRun(client_id, correlation_id),
    deadLetters: deadLetterQueue().queue,
    blobs: env.BLOBS,
    logger: createLogger("test", "error"),
    metrics: noMetrics,
    placesFor: ({ topic }) => (topic === "search" ? undefined : places),
    async work({ assignment }) {
      begun.push(assignment.action);
      if (assignment.action === "ai_image_generate") await hang;
      return { output: { results: [] } };
    },
  });
  await expect.poll(other.view).toMatchObject({ status: "completed" });
  expect(begun.toSorted()).toEqual(["ai_image_generate", "ai_image_generate", "web_search"]);
  // The third may be had by any other consumer meanwhile.
  const [free] = await tenant.claimTasks([[pictures[2]?.task_id ?? "", 1]]);
  expect(free).toMatchObject({ ok: true });
  answer();
  await consumed;
  const result = await getQueueResult(batch, createExecutionContext());
  expect(result.explicitAcks).toHaveLength(4);
  expect(await view()).toMatchObject({ status: "running" });
});

it("Who waits for a place gets the next that becomes free, in order, or none in time", async () => {
  const places = new Places(1);
  expect([places.take(), places.take()]).toEqual([true, false]);
  const first = places.wait(10_000);
  const second = places.wait(1);
  expect(await second).toBe(false);
  places.leave();
  expect(await first).toBe(true);
  expect(places.take()).toBe(false);
  places.leave();
  expect(places.take()).toBe(true);
});
