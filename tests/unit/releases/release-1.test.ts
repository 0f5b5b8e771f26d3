import { createExecutionContext, createMessageBatch, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { planSchema } from "#src/engine/plans/plan.ts";
import {
  taskAddressSchema,
  taskCompletionSchema,
  taskFailureSchema,
  taskProgressSchema,
} from "#src/engine/task-report.ts";
import { platformBodySchema } from "#src/objects/platform-message.ts";
import { startRunSchema, taskAssignmentSchema } from "#src/objects/rpc-schemas.ts";
import { deadLetterSchema } from "#src/tasks/dead-letter.ts";
import { taskEnvelopeSchema } from "#src/tasks/envelope.ts";
import { userImportMessageSchema } from "#src/tasks/user-import-message.ts";
import events from "#workers/events/index.ts";
import { circuitBreaker, tenantObject } from "../../support/objects.ts";
import { sentBy } from "../../support/recorded.ts";
import { deadLetterQueue } from "../../support/tasks.ts";
/* What the Workers of the first release said to each other, recorded from them. It is never edited: what a later
 * release says differently gets a file of its own, and both are read until nobody runs the earlier one. */
import recorded from "./release-1.json" with { type: "json" };

const keysOf = (value: unknown): string[] => Object.keys(Object(value)).sort();

describe("What a Worker of the first release says is understood:", () => {
  it.each([
    ["tasks", taskEnvelopeSchema.array(), recorded.taskMessages],
    ["copies, usage and uses", platformBodySchema.array(), recorded.platformMessages],
    ["dead letters", deadLetterSchema.array(), recorded.deadLetters],
    ["steps of imports", userImportMessageSchema.array(), recorded.importMessages],
    ["what to run", startRunSchema, recorded.startRun],
    ["a claimed task", taskAssignmentSchema, recorded.assignment],
    ["results", taskCompletionSchema.array(), recorded.completeTasks],
  ])("%s, with nothing lost", (_, schema, said) => {
    expect(schema.parse(said)).toEqual(said);
  });

  it("its messages for the read models are written, and not put aside", async () => {
    const { letters, queue } = deadLetterQueue();
    const messages = recorded.platformMessages.map((body) => ({
      id: uuidv7(),
      timestamp: new Date(),
      attempts: 1,
      body,
    }));
    const bindings = { ...env, PLATFORM_EVENTS_DLQ: queue, USER_IMPORTS_DLQ: queue };
    const batch = createMessageBatch("platform-events", messages);
    await events.queue(batch, bindings, createExecutionContext());
    expect(letters).toEqual([]);
    const id = recorded.assignment.correlationId;
    const rows = await env.DB.prepare("SELECT status FROM runs WHERE correlation_id = ?").bind(id).all();
    expect(rows.results).toEqual([{ status: "completed" }]);
  });

  it("its calls of a workflow object and of a breaker are taken", async () => {
    const tenant = tenantObject(recorded.startRun.clientId);
    const request = startRunSchema.parse(recorded.startRun);
    expect(await tenant.startRun({ ...request, plan: planSchema.parse(request.plan) })).toMatchObject({
      ok: true,
      value: { created: true },
    });
    const [taskId, attempt] = taskAddressSchema.parse(recorded.failTask.slice(0, 2));
    const ignored = { applied: false };
    await tenant.renewTasks(taskAddressSchema.array().parse(recorded.renewTasks));
    await tenant.reportProgress(taskId, attempt, taskProgressSchema.parse(recorded.reportProgress[2]));
    expect(await tenant.failTask(taskId, attempt, taskFailureSchema.parse(recorded.failTask[2]))).toEqual(
      ignored,
    );
    expect(await tenant.deferTask(taskId, attempt, Number(recorded.deferTask[2]))).toEqual(ignored);
    expect(await tenant.failDeadTask(taskId, String(recorded.failDeadTask[1]), attempt, true)).toEqual(
      ignored,
    );
    expect(await tenant.completeTasks(taskCompletionSchema.array().parse(recorded.completeTasks))).toEqual([
      ignored,
    ]);
    await tenant.confirmCopies(recorded.confirmCopies);
    await tenant.appendEvents(recorded.appendEvents);
    for (const calls of recorded.breakerCalls) await circuitBreaker("recorded").record(calls);
  });
});

describe("A Worker of the first release still finds all it reads", () => {
  it("in tasks, claims and messages for the read models", async () => {
    const name = "said_today";
    const tenant = tenantObject(name);
    const request = startRunSchema.parse({ ...recorded.startRun, clientId: name });
    await tenant.startRun(request);
    const { tasks, platform } = await sentBy(name);
    const [task] = tasks;
    expect(keysOf(task)).toEqual(expect.arrayContaining(keysOf(recorded.taskMessages[0])));
    const [claim] = await tenant.claimTasks([[task?.task_id ?? "", 1]]);
    expect(keysOf(claim?.ok ? claim.value : {})).toEqual(expect.arrayContaining(keysOf(recorded.assignment)));
    await tenant.completeTasks([
      {
        taskId: task?.task_id ?? "",
        attempt: 1,
        result: taskCompletionSchema.parse(recorded.completeTasks[0]).result,
      },
    ]);
    const said = [...platform, ...(await sentBy(name)).platform].flat();
    // Attempts are told with the end of their run since: an older Worker counts fewer, and loses no run.
    const told = recorded.platformMessages.flat().filter(({ type }) => type !== "usage");
    for (const was of told) {
      const is = said.findLast(({ type }) => type === was.type);
      expect(keysOf(is), was.type).toEqual(expect.arrayContaining(keysOf(was)));
    }
  });
});

it("A call that is not one is refused before anything has happened", async () => {
  const broken = { ...startRunSchema.parse(recorded.startRun), fuelBudget: -1 };
  await runInDurableObject(env.TENANT_WORKFLOWS.getByName("not_a_call"), async (object) => {
    await expect(object.startRun(broken)).rejects.toThrow(/fuelBudget/);
    expect(await object.describe()).toMatchObject({ activeRuns: 0 });
  });
  await runInDurableObject(env.CIRCUIT_BREAKER.getByName("not_a_call"), async (object) => {
    await expect(object.record({ successes: -1, failures: 0 })).rejects.toThrow(/successes/);
  });
});
