import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { deadLetter } from "#src/tasks/dead-letter.ts";
import events from "#workers/events/index.ts";
import { send } from "../support/api.ts";
import { bodyOf } from "../support/personas.ts";
import { oneTextStep, plan, usage } from "../support/plans.ts";
import { claimTask, completeTask } from "../support/task-reports.ts";
import { deadLetterQueue, startedTask } from "../support/tasks.ts";
import { createUser } from "../support/users.ts";

const objectOf = (clientId: string) => env.TENANT_WORKFLOWS.getByName(clientId);

const result = (text: string) => ({ output: { text }, usage });
const failure = (retryable: boolean) => ({ error: { code: "BROKEN", message: "broken", retryable } });

const retrying = plan("write", {
  write: {
    action: "ai_text_generate",
    input: { prompt: "tea" },
    retry: { max_attempts: 3, backoff_seconds: 60, multiplier: 1 },
    timeout_seconds: 30,
  },
});

interface TaskRow extends Record<string, SqlStorageValue> {
  deliveries: number;
  claimed_until: number | null;
  send_at: number | null;
}

const taskRow = (clientId: string, id: string) =>
  runInDurableObject(objectOf(clientId), (_, { storage }) =>
    storage.sql.exec<TaskRow>("SELECT deliveries, claimed_until, send_at FROM tasks WHERE id = ?", id).one(),
  );

const alarmOf = (clientId: string) =>
  runInDurableObject(objectOf(clientId), (_, { storage }) => storage.getAlarm());

const bury = (body: unknown, id = uuidv7()) =>
  events
    .queue(
      createMessageBatch("agent-tasks-normal-dlq", [
        { id, timestamp: new Date(), attempts: 1, body: deadLetter("agent-tasks-normal", body, "Poison", 1) },
      ]),
      { ...env, PLATFORM_EVENTS_DLQ: deadLetterQueue().queue, USER_IMPORTS_DLQ: deadLetterQueue().queue },
      createExecutionContext(),
    )
    .then(() => id);

describe("Between a write and its delivery", () => {
  it("the object may be evicted: an alarm was armed before, and what it left is delivered", async () => {
    const clientId = "fault_evicted";
    const { correlationId } = await startedTask(clientId, oneTextStep);
    // As it is when the process dies after the write: never sent.
    await runInDurableObject(objectOf(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE tasks SET deliveries = 0, send_at = 1");
    });
    expect(await alarmOf(clientId)).not.toBeNull();
    await evictDurableObject(objectOf(clientId));
    expect(await runDurableObjectAlarm(objectOf(clientId))).toBe(true);
    await expect
      .poll(async () => (await taskRow(clientId, `${correlationId}.write.main`)).deliveries)
      .toBeGreaterThan(0);
  });

  it("a consumer that has claimed and dies loses its lease, and another one gets the task", async () => {
    const clientId = "fault_dead_consumer";
    const { correlationId, tenant, view } = await startedTask(clientId, oneTextStep);
    const task = `${correlationId}.write.main`;
    const first = valueOrThrow(await claimTask(tenant, task, 1));
    expect((await claimTask(tenant, task, 1)).ok).toBe(false);
    await runInDurableObject(objectOf(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE tasks SET claimed_until = 1, send_at = 1");
    });
    await runDurableObjectAlarm(objectOf(clientId));
    await expect.poll(async () => (await taskRow(clientId, task)).deliveries).toBeGreaterThan(1);
    const second = valueOrThrow(await claimTask(tenant, task, 1));
    expect(second.idempotencyKey).toBe(first.idempotencyKey);
    await completeTask(tenant, task, 1, result("once"));
    // The first one was only slow after all.
    expect(await completeTask(tenant, task, 1, result("twice"))).toEqual({ applied: false });
    expect(await view()).toMatchObject({ result: { text: "once" }, fuel: { reserved: 0, spent: 10 } });
  });
});

describe("An alarm", () => {
  it("that rings far too early changes nothing", async () => {
    const clientId = "fault_early";
    const { correlationId, tenant, view } = await startedTask(clientId, retrying);
    await tenant.failTask(`${correlationId}.write.main`, 1, failure(true));
    const waiting = await view();
    for (let rings = 0; rings < 5; rings++) {
      await runInDurableObject(objectOf(clientId), (instance) => instance.alarm());
    }
    expect(await view()).toEqual(waiting);
    expect((await taskRow(clientId, `${correlationId}.write.main`)).send_at).toBeNull();
  });

  it("that rings in the middle of a claim leaves the task with its consumer", async () => {
    const clientId = "fault_claimed";
    const { correlationId, tenant } = await startedTask(clientId, oneTextStep);
    const task = `${correlationId}.write.main`;
    valueOrThrow(await claimTask(tenant, task, 1));
    const before = await taskRow(clientId, task);
    await runInDurableObject(objectOf(clientId), (instance) => instance.alarm());
    expect(await taskRow(clientId, task)).toEqual(before);
    expect((await claimTask(tenant, task, 1)).ok).toBe(false);
  });

  it("that rings far too late ends a task whose time is over, once, and what comes after is ignored", async () => {
    const clientId = "fault_late";
    const { correlationId, tenant, view } = await startedTask(clientId, retrying);
    const task = `${correlationId}.write.main`;
    valueOrThrow(await claimTask(tenant, task, 1));
    await evictDurableObject(objectOf(clientId));
    await runInDurableObject(objectOf(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE tasks SET state = json_set(state, '$.deadline', 1)");
      storage.sql.exec("UPDATE runs SET wake_at = 1");
    });
    await evictDurableObject(objectOf(clientId));
    await runInDurableObject(objectOf(clientId), (instance) => instance.alarm());
    expect(await completeTask(tenant, task, 1, result("too late"))).toEqual({ applied: false });
    const run = await view();
    expect(run.status).toBe("running");
    expect(run.steps[0]).toMatchObject({ attempts: 2, fuel: 0 });
  });

  it("lets time pass for the other runs when it cannot for one, which is tried again later", async () => {
    const clientId = "fault_stuck";
    const [stuck, other] = [await startedTask(clientId, retrying), await startedTask(clientId, retrying)];
    for (const { tenant, correlationId } of [stuck, other])
      await tenant.failTask(`${correlationId}.write.main`, 1, failure(true));
    await runInDurableObject(objectOf(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE tasks SET state = json_set(state, '$.notBefore', 1)");
      storage.sql.exec("UPDATE runs SET wake_at = CASE id WHEN ? THEN 1 ELSE 2 END", stuck.correlationId);
      storage.sql.exec(
        `CREATE TRIGGER stuck BEFORE UPDATE OF body ON runs WHEN NEW.id = '${stuck.correlationId}'
         BEGIN SELECT RAISE(ABORT, 'stuck'); END`,
      );
    });
    await evictDurableObject(objectOf(clientId));
    await runInDurableObject(objectOf(clientId), (instance) => instance.alarm());
    expect((await other.view()).steps[0]).toMatchObject({ attempts: 2 });
    expect(await claimTask(other.tenant, `${other.correlationId}.write.main`, 2)).toMatchObject({ ok: true });
    await runInDurableObject(objectOf(clientId), async (instance, { storage }) => {
      const wakeAt = storage.sql.exec("SELECT wake_at FROM runs WHERE id = ?", stuck.correlationId).one();
      expect(wakeAt.wake_at).toBeGreaterThan(Date.now() + 30_000);
      storage.sql.exec("DROP TRIGGER stuck");
      storage.sql.exec("UPDATE runs SET wake_at = 1 WHERE id = ?", stuck.correlationId);
      await instance.alarm();
    });
    expect(await claimTask(stuck.tenant, `${stuck.correlationId}.write.main`, 2)).toMatchObject({ ok: true });
  });

  it("is over in good time and sets the next one, though a queue does not answer", async () => {
    const clientId = "fault_silent_queue";
    await startedTask(clientId, oneTextStep);
    await evictDurableObject(objectOf(clientId));
    const silent: Pick<Queue, "sendBatch"> = { sendBatch: () => new Promise(() => {}) };
    const queue = Object.assign(Object.create(null), silent);
    await runInDurableObject(objectOf(clientId), async (_, state) => {
      const object = new TenantWorkflows(state, { ...env, AGENT_TASKS_NORMAL: queue });
      await state.storage.deleteAlarm();
      await object.alarm();
      expect(await state.storage.getAlarm()).not.toBeNull();
    });
  });
});

describe("Reports", () => {
  const three = plan("all", {
    all: {
      action: "fan_out",
      sub_tasks: ["a", "b", "c"].map((step_name) => ({
        step_name,
        topic: "system.adapter.web.search",
        input: { query: "tea" },
      })),
      next_step: "done",
    },
    done: {
      action: "complete_workflow",
      input: { a: "{{steps.a.output.text}}", c: "{{steps.c.output.text}}" },
    },
  });

  it("in any order, each three times, mixed with failures of the same attempts, come to the same end", async () => {
    const orders = [
      ["a", "b", "c"],
      ["c", "b", "a"],
      ["b", "a", "c"],
    ];
    for (const [index, order] of orders.entries()) {
      const { correlationId, tenant, view } = await startedTask(`fault_order_${index}`, three);
      const reports = order.flatMap((key) => {
        const task = `${correlationId}.all.${key}`;
        return [
          () => completeTask(tenant, task, 1, result(key)),
          () => completeTask(tenant, task, 1, result("again")),
          () => tenant.failTask(task, 1, failure(true)),
          () => tenant.deferTask(task, 1, 1000),
        ];
      });
      const applied = [];
      for (const report of reports) applied.push((await report()).applied);
      expect(applied.filter(Boolean)).toHaveLength(3);
      expect(await view()).toMatchObject({
        status: "completed",
        result: { a: "a", c: "c" },
        fuel: { reserved: 0, spent: 5 + 3 * 5 },
      });
      expect(await tenant.describe()).toMatchObject({ openTasks: 0, ignoredReports: 9 });
    }
  });

  it("of an attempt that was given up are ignored while the next one is out", async () => {
    const clientId = "fault_attempts";
    const { correlationId, tenant, view } = await startedTask(clientId, retrying);
    const task = `${correlationId}.write.main`;
    await tenant.failTask(task, 1, failure(true));
    expect(await completeTask(tenant, task, 1, result("of the first"))).toEqual({ applied: false });
    expect(await completeTask(tenant, task, 2, result("before its time"))).toEqual({ applied: false });
    await runInDurableObject(objectOf(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE tasks SET state = json_set(state, '$.notBefore', 1)");
      storage.sql.exec("UPDATE runs SET wake_at = 1");
    });
    await evictDurableObject(objectOf(clientId));
    await runInDurableObject(objectOf(clientId), (instance) => instance.alarm());
    expect(await completeTask(tenant, task, 1, result("of the first"))).toEqual({ applied: false });
    expect(await completeTask(tenant, task, 2, result("of the second"))).toMatchObject({ applied: true });
    expect(await view()).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 10 } });
  });
});

describe("A dead letter", () => {
  it("fails the step of its task with the reason, so that no run hangs", async () => {
    const { view, envelope } = await startedTask("fault_dead_letter", retrying);
    await bury(envelope("write"));
    expect(await view()).toMatchObject({
      status: "failed",
      error: { code: "DEAD_LETTER", details: { step: "write", reason: "Poison" } },
      fuel: { reserved: 0, spent: 0 },
    });
  });

  it("of a task that was done meanwhile changes nothing", async () => {
    const { view, envelope, tenant, correlationId } = await startedTask("fault_dead_done", oneTextStep);
    await completeTask(tenant, `${correlationId}.write.main`, 1, result("done"));
    const done = await view();
    await bury(envelope("write"));
    expect(await view()).toEqual(done);
  });

  it("is not sent again when its run has ended; the answer says why and what to do", async () => {
    const { envelope, correlationId } = await startedTask("fault_dead_redriven", retrying);
    const { headers } = await createUser("operator", { role: "admin" });
    const id = await bury({ ...envelope("write"), payload: { action: "ai_text_generate", data: {} } });
    const answer = await send("POST", `/api/v1/admin/system/dead-letters/${id}/redrive`, {}, headers);
    expect(await bodyOf(answer, 409)).toMatchObject({
      error: "CONFLICT",
      message: "The task's run is failed: execute the persona again",
      details: { correlation_id: correlationId, status: "failed" },
    });
  });
});
