import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { platformMessageSchema } from "#src/objects/platform-message.ts";
import { taskCountsSince } from "#src/read-models/task-count-repository.ts";
import events from "#workers/events/index.ts";
import { tenantObject } from "../support/objects.ts";
import { oneTextStep, usage } from "../support/plans.ts";
import { completeTask } from "../support/task-reports.ts";
import { deadLetterQueue, startedTask } from "../support/tasks.ts";

/** What the object still holds for the read models. */
const held = (clientId: string) =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) =>
    storage.sql
      .exec<{ message: string }>("SELECT message FROM unconfirmed ORDER BY key")
      .toArray()
      .map(({ message }) => platformMessageSchema.parse(JSON.parse(message))),
  );

const consume = (queue: string, bodies: unknown[]) =>
  events.queue(
    createMessageBatch(
      queue,
      bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body })),
    ),
    { ...env, PLATFORM_EVENTS_DLQ: deadLetterQueue().queue, USER_IMPORTS_DLQ: deadLetterQueue().queue },
    createExecutionContext(),
  );

async function finishedRun(clientId: string) {
  const { correlationId, tenant } = await startedTask(clientId, oneTextStep);
  await completeTask(tenant, `${correlationId}.write.main`, 1, { output: { text: "Tea" }, usage });
  return correlationId;
}

it("What a queue has forgotten is still in the object after a restart, until the read model has it", async () => {
  const id = await finishedRun("forgotten");
  await evictDurableObject(env.TENANT_WORKFLOWS.getByName("forgotten"));
  const copies = await held("forgotten");
  expect(copies).toMatchObject([{ type: "run.copy", correlation_id: id, status: "completed" }]);
  await consume("platform-events", [copies]);
  expect(await held("forgotten")).toEqual([]);
  const rows = await env.DB.prepare("SELECT status FROM runs WHERE correlation_id = ?").bind(id).all();
  expect(rows.results).toEqual([{ status: "completed" }]);
});

it("A late confirmation of an older copy leaves the newer one", async () => {
  const { correlationId, tenant } = await startedTask("forgotten_older", oneTextStep);
  const [older] = await held("forgotten_older");
  await completeTask(tenant, `${correlationId}.write.main`, 1, { output: { text: "Tea" }, usage });
  await consume("platform-events", [older]);
  expect((await held("forgotten_older")).map(({ type }) => type)).toEqual(["run.copy"]);
});

it("Copies that ended among the dead letters stay with the object, which sends them again", async () => {
  const id = await finishedRun("forgotten_dead");
  const copies = await held("forgotten_dead");
  await consume("platform-events-dlq", [copies]);
  expect(await held("forgotten_dead")).toEqual(copies);
  await consume("platform-events", [copies]);
  expect(await held("forgotten_dead")).toEqual([]);
  const rows = await env.DB.prepare("SELECT status FROM runs WHERE correlation_id = ?").bind(id).all();
  expect(rows.results).toEqual([{ status: "completed" }]);
});

it("A copy that can never be read is told to the object once it is buried, and not sent for ever", async () => {
  await finishedRun("forgotten_unread");
  const [copy] = await held("forgotten_unread");
  await consume("platform-events-dlq", [{ ...copy, fuel_spent: "much" }]);
  expect(await held("forgotten_unread")).toEqual([]);
});

it("Copies that come twice count once", async () => {
  await finishedRun("forgotten_twice");
  const copies = await held("forgotten_twice");
  const count = async () =>
    (await taskCountsSince(database(env.DB), 0)).reduce((sum, { finished }) => sum + finished, 0);
  await consume("platform-events", copies);
  const once = await count();
  await consume("platform-events", copies);
  expect(await count()).toBe(once);
  expect(await tenantObject("forgotten_twice").describe()).toMatchObject({ activeRuns: 0 });
});

it("What an earlier build has left in its own table comes to the read model as well", async () => {
  const id = await finishedRun("forgotten_table");
  const object = env.TENANT_WORKFLOWS.getByName("forgotten_table");
  const copies = await held("forgotten_table");
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec(
      "INSERT INTO copies (key, version, message) SELECT key, version, message FROM unconfirmed",
    );
    storage.sql.exec("DELETE FROM unconfirmed");
  });
  await evictDurableObject(object);
  await runInDurableObject(object, (instance) => instance.alarm());
  expect(await held("forgotten_table")).toEqual(copies);
  await consume("platform-events", [copies]);
  expect(await held("forgotten_table")).toEqual([]);
  const rows = await env.DB.prepare("SELECT status FROM runs WHERE correlation_id = ?").bind(id).all();
  expect(rows.results).toEqual([{ status: "completed" }]);
});
