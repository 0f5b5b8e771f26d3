import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";

const start = async (clientId: string, request = startRequest(clientId, { plan: oneTextStep })) =>
  valueOrThrow(await tenantObject(clientId).startRun(request));

const view = async (clientId: string, correlationId: string) =>
  valueOrThrow(await tenantObject(clientId).getRun(correlationId, "tenant"));

const result = (text: string) => ({ output: { text }, usage });

describe("A run in the tenant's object", () => {
  it("goes from start to result by claim and report", async () => {
    const tenant = tenantObject("tenant_straight");
    const { correlationId, status, created } = await start("tenant_straight");
    expect({ status, created }).toEqual({ status: "running", created: true });

    const task = `${correlationId}.write.main`;
    const assignment = valueOrThrow(await claimTask(tenant, task, 1));
    expect(assignment).toMatchObject({
      action: "ai_text_generate",
      topic: "system.tasks.copywriter",
      input: { prompt: "Write about tea" },
      fuelReserved: 10,
    });
    expect(await completeTask(tenant, task, 1, result("Tea!"))).toEqual({ applied: true });

    const run = await view("tenant_straight", correlationId);
    expect(run).toMatchObject({
      status: "completed",
      result: { text: "Tea!" },
      fuel: { budget: 1000, reserved: 0, spent: 10 },
      error: null,
    });
    expect(run.steps.map(({ name, status }) => [name, status])).toEqual([
      ["write", "completed"],
      ["done", "completed"],
    ]);
  });

  it("applies a completion once, however often it is reported", async () => {
    const tenant = tenantObject("tenant_duplicate");
    const { correlationId } = await start("tenant_duplicate");
    const task = `${correlationId}.write.main`;
    expect(await completeTask(tenant, task, 1, result("first"))).toEqual({ applied: true });
    expect(await completeTask(tenant, task, 1, result("second"))).toEqual({ applied: false });
    const failure = { error: { code: "LATE", message: "late", retryable: false } };
    expect(await tenant.failTask(task, 1, failure)).toEqual({ applied: false });
    expect(await view("tenant_duplicate", correlationId)).toMatchObject({
      status: "completed",
      result: { text: "first" },
    });
  });

  it("gives a task to one consumer at a time", async () => {
    const tenant = tenantObject("tenant_lease");
    const { correlationId } = await start("tenant_lease");
    const task = `${correlationId}.write.main`;
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimTask(tenant, task, 1)));
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
  });

  it("answers the same key and body with the same run, and another body with a conflict", async () => {
    const tenant = tenantObject("tenant_keys");
    const request = startRequest("tenant_keys", {
      plan: oneTextStep,
      idempotency: { key: "k", bodyDigest: "a" },
    });
    const first = await start("tenant_keys", request);
    expect(await start("tenant_keys", request)).toMatchObject({
      correlationId: first.correlationId,
      created: false,
    });
    const other = await tenant.startRun({ ...request, idempotency: { key: "k", bodyDigest: "b" } });
    expect(other).toMatchObject({ ok: false, code: "CONFLICT" });
  });

  it("shows a run to its user and to the tenant's administrators only", async () => {
    const tenant = tenantObject("tenant_scope");
    const { correlationId } = await start("tenant_scope");
    expect(await tenant.getRun(correlationId, { userId: "somebody-else" })).toMatchObject({
      ok: false,
      code: "NOT_FOUND",
    });
    expect(await tenant.getRun(correlationId, { userId: "user-1" })).toMatchObject({ ok: true });
  });

  it("waits for approval, refuses answers to a run that does not wait, and goes on with feedback", async () => {
    const tenant = tenantObject("tenant_pause");
    const paused = plan("ask", {
      ask: { action: "pause_for_human_input", next_step: "done" },
      done: { action: "complete_workflow", input: { feedback: "{{data.human_feedback}}" } },
    });
    const { correlationId, status } = await start(
      "tenant_pause",
      startRequest("tenant_pause", { plan: paused }),
    );
    expect(status).toBe("paused");
    const answer = { approved: true, feedback: "Nice", userId: "user-1" };
    expect(await tenant.resumeRun(correlationId, { userId: "user-1" }, answer)).toMatchObject({ ok: true });
    expect(await view("tenant_pause", correlationId)).toMatchObject({
      status: "completed",
      result: { feedback: "Nice" },
    });
    expect(await tenant.resumeRun(correlationId, { userId: "user-1" }, answer)).toMatchObject({
      ok: false,
      code: "CONFLICT",
    });
  });

  it("fails with the reason when the approval is refused", async () => {
    const tenant = tenantObject("tenant_reject");
    const paused = plan("ask", { ask: { action: "pause_for_human_input" } });
    const { correlationId } = await start("tenant_reject", startRequest("tenant_reject", { plan: paused }));
    await tenant.resumeRun(correlationId, "tenant", { approved: false, userId: "user-1" });
    expect(await view("tenant_reject", correlationId)).toMatchObject({
      status: "failed",
      error: { message: "Workflow rejected by user" },
    });
  });

  it("keeps every run through an eviction", async () => {
    const { correlationId } = await start("tenant_evicted");
    await evictDurableObject(env.TENANT_WORKFLOWS.getByName("tenant_evicted"));
    const tenant = tenantObject("tenant_evicted");
    expect(await completeTask(tenant, `${correlationId}.write.main`, 1, result("after"))).toEqual({
      applied: true,
    });
    expect(await view("tenant_evicted", correlationId)).toMatchObject({ status: "completed" });
  });

  it("sends a task again when nobody claimed it in time", async () => {
    const { correlationId } = await start("tenant_resend");
    const stub = env.TENANT_WORKFLOWS.getByName("tenant_resend");
    const deliveries = () =>
      runInDurableObject(stub, async (_, { storage }) => {
        const { deliveries } = storage.sql
          .exec<{ deliveries: number }>(
            "SELECT deliveries FROM tasks WHERE id = ?",
            `${correlationId}.write.main`,
          )
          .one();
        return deliveries;
      });
    await expect.poll(deliveries).toBe(1);
    await runInDurableObject(stub, async (_, { storage }) => {
      storage.sql.exec("UPDATE tasks SET send_at = 1");
    });
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    await expect.poll(deliveries).toBe(2);
  });

  it("logs the run's events in order, readable from any number on", async () => {
    const tenant = tenantObject("tenant_events");
    const { correlationId } = await start("tenant_events");
    const task = `${correlationId}.write.main`;
    // A consumer of the release before brings text, which goes nowhere.
    await tenant.reportProgress(task, 1, { index: 0, delta: "Te" });
    await completeTask(tenant, task, 1, result("Tea"));
    const { events } = await tenant.readEvents({ since: 0, entityId: correlationId, limit: 100 });
    expect(events.map(({ event }) => event)).toEqual([
      "execution.started",
      "execution.progress",
      "execution.task.dispatched",
      "execution.task.completed",
      "execution.progress",
      "execution.progress",
      "execution.completed",
    ]);
    const since = (events.at(-1)?.seq ?? 0) - 1;
    const rest = await tenant.readEvents({ since, entityId: correlationId, limit: 100 });
    expect(rest.events.map(({ event }) => event)).toEqual(["execution.completed"]);
  });

  it("remembers and finds what a plan stores", async () => {
    const remembering = plan("keep", {
      keep: { action: "store_memory", input: { content: "The customer likes oolong" }, next_step: "find" },
      find: { action: "retrieve_memory", input: { query: "which tea? oolong" }, next_step: "done" },
      done: { action: "complete_workflow", input: { found: "{{steps.find.output.memories}}" } },
    });
    const { correlationId } = await start(
      "tenant_memory",
      startRequest("tenant_memory", { plan: remembering }),
    );
    const run = await view("tenant_memory", correlationId);
    expect(run).toMatchObject({ status: "completed", fuel: { spent: 4 } });
    expect(run.result).toMatchObject({ found: [{ content: "The customer likes oolong" }] });
  });

  it("appends an outside event once per id", async () => {
    const tenant = tenantObject("tenant_append");
    const event = { id: "e1", event: "instance.created", entityId: "i", ownerUserId: null, data: {} };
    await tenant.appendEvent(event);
    await tenant.appendEvent(event);
    expect((await tenant.readEvents({ since: 0, limit: 10 })).events).toHaveLength(1);
  });
});
