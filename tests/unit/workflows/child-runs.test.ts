import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { present } from "../../support/personas.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";

const defined = (workflows: Record<string, Plan>): StartRun["workflows"] =>
  Object.fromEntries(
    Object.entries(workflows).map(([name, of]) => [name, { id: `id-of-${name}`, version: 1, plan: of }]),
  );

/** Starts a run in a tenant of its own; everything about it and its children is asked there. */
async function started(
  clientId: string,
  own: Plan,
  workflows: Record<string, Plan>,
  more: Partial<StartRun> = {},
) {
  const tenant = tenantObject(clientId);
  const request = startRequest(clientId, { plan: own, workflows: defined(workflows), ...more });
  const { correlationId: id } = valueOrThrow(await tenant.startRun(request));
  const view = async (runId = id) => valueOrThrow(await tenant.getRun(runId, "tenant"));
  return {
    tenant,
    id,
    view,
    stub: env.TENANT_WORKFLOWS.getByName(clientId),
    /** The run's child, the latest unless another is asked for. */
    child: async (pick = -1) => present((await view()).children.at(pick)),
    complete: (taskId: string, text = "Tea!", attempt = 1) =>
      completeTask(tenant, taskId, attempt, { output: { text }, usage }),
    fail: (taskId: string, retryable = true, attempt = 1) =>
      tenant.failTask(taskId, attempt, { error: { code: "AI_SERVICE_ERROR", message: "No", retryable } }),
    answerAt: (runId: string) =>
      tenant.resumeRun(runId, "tenant", { approved: true, userId: "user-1", feedback: "Well", step: "ask" }),
    answer: (approved: boolean, step?: string) =>
      tenant.resumeRun(id, "tenant", { approved, userId: "user-1", feedback: "Well", step }),
  };
}

/** Lets time pass until something is so. */
const until = (stub: DurableObjectStub, look: () => Promise<unknown>) =>
  expect.poll(
    async () => {
      await runDurableObjectAlarm(stub);
      return look();
    },
    { timeout: 10_000 },
  );

const asking = plan("write", {
  write: {
    action: "run",
    topic: "workflow:text",
    input: { topic: "{{input.topic}} at sea" },
    next_step: "done",
  },
  done: { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } },
});

const pausing = plan("ask", {
  ask: { action: "pause_for_human_input", input: { draft: "{{input.topic}}" }, next_step: "done" },
  done: { action: "complete_workflow", input: { feedback: "{{data.human_feedback}}" } },
});

describe("A child run", () => {
  it("is carried out like any run, and its result becomes the output of the step that waits for it", async () => {
    const run = await started("child_straight", asking, { text: oneTextStep });
    const child = await run.child();
    expect(child).toMatchObject({
      workflow: "text",
      step: "write",
      task: "main",
      attempt: 1,
      status: "running",
    });
    const task = `${child.correlation_id}.write.main`;
    expect(valueOrThrow(await claimTask(run.tenant, task, 1))).toMatchObject({
      input: { prompt: "Write about tea at sea" },
      config: { model: "claude-haiku-4-5" },
    });
    await run.complete(task, "Salt!");
    expect(await run.view()).toMatchObject({
      status: "completed",
      data: { write: { text: "Salt!" } },
      result: { text: "Salt!" },
      children: [{ status: "completed" }],
    });
    expect(await run.view(child.correlation_id)).toMatchObject({
      status: "completed",
      parent_id: run.id,
      instance_id: (await run.view()).instance_id,
    });
  });

  it("has its fuel from the run that waits, which holds for it what it needs now", async () => {
    const thrifty = plan("maybe", {
      maybe: { action: "ai_text_generate", when: "input.topic == 'coffee'", next_step: "write" },
      write: { action: "ai_text_generate" },
    });
    const run = await started(
      "child_fuel",
      plan("go", { go: { action: "run", topic: "workflow:thrifty" } }),
      { thrifty },
    );
    const { correlation_id } = await run.child();
    // Both text steps could have run: 2 × 10. The one that does holds 10.
    expect((await run.view()).fuel).toEqual({ budget: 1000, reserved: 10, spent: 0 });
    expect((await run.view(correlation_id)).fuel).toEqual({ budget: 20, reserved: 10, spent: 0 });
    await run.complete(`${correlation_id}.write.main`);
    expect((await run.view()).fuel).toEqual({ budget: 1000, reserved: 0, spent: 10 });
    expect((await run.view()).steps[0]).toMatchObject({ fuel: 10, tokens: { input: 3, output: 5 } });
  });

  it("whose usage is an estimate says so in the step of every run above it", async () => {
    const to = (workflow: string) => plan("go", { go: { action: "run", topic: `workflow:${workflow}` } });
    const run = await started("child_estimated", to("middle"), { middle: to("text"), text: oneTextStep });
    const middle = await run.child(0);
    const { correlation_id: lowest } = present((await run.view(middle.correlation_id)).children[0]);
    const estimated = { ...usage, isEstimated: true };
    await completeTask(run.tenant, `${lowest}.write.main`, 1, { output: { text: "T" }, usage: estimated });
    for (const id of [run.id, middle.correlation_id, lowest])
      expect((await run.view(id)).steps[0]?.tokens).toEqual({ input: 3, output: 5, estimated: true });
  });

  it("cannot use more than the step gives it", async () => {
    const own = plan("go", { go: { action: "run", topic: "workflow:text", fuel_budget: 9 } });
    const run = await started("child_budget", own, { text: oneTextStep });
    expect(await run.view()).toMatchObject({
      status: "failed",
      error: { code: "INSUFFICIENT_FUEL", details: { step: "go", required: 10, available: 9 } },
      fuel: { reserved: 0, spent: 0 },
    });
  });

  it("is told of to the watchers of the run above all, under that run's id", async () => {
    const between = plan("inner", { inner: { action: "run", topic: "workflow:text" } });
    const run = await started(
      "child_events",
      plan("outer", { outer: { action: "run", topic: "workflow:between" } }),
      {
        between,
        text: oneTextStep,
      },
    );
    const middle = await run.child();
    const inner = present((await run.view(middle.correlation_id)).children[0]);
    await run.tenant.reportProgress(`${inner.correlation_id}.write.main`, 1, { index: 0, delta: "Te" });
    await run.complete(`${inner.correlation_id}.write.main`);
    const { events } = await run.tenant.readEvents({ since: 0, limit: 100 });
    expect(new Set(events.map(({ entity_id }) => entity_id))).toEqual(new Set([run.id]));
    expect(events.filter(({ event }) => event !== "execution.progress").map(({ event }) => event)).toEqual([
      "execution.started",
      "execution.completed",
    ]);
    const written = events.find(({ data }) => data.step === "write" && data.status === "completed");
    expect(written?.data).toMatchObject({
      correlation_id: run.id,
      child_id: inner.correlation_id,
      workflow: "text",
    });
    expect(events.some(({ data }) => data.delta === "Te")).toBe(true);
  });
});

describe("A child run that fails", () => {
  const failing = (
    clientId: string,
    step: Partial<Plan["steps"][string]>,
    more: Record<string, object> = {},
  ) =>
    started(
      clientId,
      plan("go", {
        go: { action: "run", topic: "workflow:text", next_step: "done", ...step },
        done: { action: "complete_workflow", input: { status: "{{steps.go.status}}" } },
        ...more,
      }),
      { text: oneTextStep },
    );

  it("fails the run that waits for it, with its error", async () => {
    const run = await failing("child_fails", {});
    await run.fail(`${(await run.child()).correlation_id}.write.main`);
    expect(await run.view()).toMatchObject({
      status: "failed",
      error: { code: "AI_SERVICE_ERROR", message: "No", details: { step: "write" } },
      fuel: { reserved: 0, spent: 0 },
    });
  });

  it("is passed over where the plan says so", async () => {
    const run = await failing("child_continue", { on_error: "continue" });
    await run.fail(`${(await run.child()).correlation_id}.write.main`);
    expect(await run.view()).toMatchObject({ status: "completed", result: { status: "failed" } });
  });

  it("leads to the step that the plan names", async () => {
    const own = { other: { action: "complete_workflow", input: { instead: true } } };
    const run = await failing("child_handler", { on_error: "other" }, own);
    await run.fail(`${(await run.child()).correlation_id}.write.main`);
    expect(await run.view()).toMatchObject({ status: "completed", result: { instead: true } });
  });

  it("is followed by another, with as much fuel, as often as the plan says", async () => {
    const two = plan("first", {
      first: { action: "ai_text_generate", next_step: "second" },
      second: { action: "ai_text_generate" },
    });
    const retry = { max_attempts: 2, backoff_seconds: 0, multiplier: 1 };
    const run = await started(
      "child_retry",
      plan("go", { go: { action: "run", topic: "workflow:two", retry } }),
      { two },
    );
    const before = await run.child();
    await run.complete(`${before.correlation_id}.first.main`);
    await run.fail(`${before.correlation_id}.second.main`);
    await until(run.stub, async () => (await run.view()).children.length).toBe(2);
    const again = await run.child();
    expect(again).toMatchObject({ attempt: 2, status: "running" });
    expect(again.correlation_id).not.toBe(before.correlation_id);
    expect((await run.view(again.correlation_id)).fuel.budget).toBe(20);
    await run.complete(`${again.correlation_id}.first.main`);
    await run.complete(`${again.correlation_id}.second.main`);
    expect(await run.view()).toMatchObject({
      status: "completed",
      fuel: { reserved: 0, spent: 30 },
      children: [{ status: "failed" }, { status: "completed" }],
    });
  });

  it("for want of fuel is not tried again", async () => {
    const retry = { max_attempts: 3, backoff_seconds: 0, multiplier: 1 };
    const run = await failing("child_hopeless", { retry, fuel_budget: 1 });
    const { status, children, error } = await run.view();
    expect({ status, children: children.length, code: error?.code }).toEqual({
      status: "failed",
      children: 1,
      code: "INSUFFICIENT_FUEL",
    });
  });

  it("is ended when its time is over, and its step fails with that", async () => {
    const run = await failing("child_timeout", { timeout_seconds: 0.05 });
    const { correlation_id } = await run.child();
    await until(run.stub, async () => (await run.view()).status).toBe("failed");
    expect((await run.view()).error).toMatchObject({ code: "TASK_TIMEOUT", details: { step: "go" } });
    expect(await run.view(correlation_id)).toMatchObject({ status: "cancelled", fuel: { reserved: 0 } });
    expect(await run.complete(`${correlation_id}.write.main`)).toEqual({ applied: false });
  });

  it("nested deeper than four fails with the reason, whatever the check of plans has let through", async () => {
    const endless = plan("again", { again: { action: "run", topic: "workflow:endless" } });
    const run = await started("child_endless", endless, { endless });
    expect(await run.view()).toMatchObject({ status: "failed", error: { code: "WORKFLOW_INVALID" } });
    const depth = await runInDurableObject(run.stub, (_, { storage }) =>
      storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM runs").one(),
    );
    expect(depth.n).toBe(1 + 4);
  });
});

describe("A run with child runs", () => {
  it("takes them along when it is cancelled, at any depth", async () => {
    const between = plan("inner", { inner: { action: "run", topic: "workflow:text" } });
    const own = plan("outer", { outer: { action: "run", topic: "workflow:between" } });
    const run = await started("child_cancel", own, { between, text: oneTextStep });
    const middle = await run.child();
    const inner = present((await run.view(middle.correlation_id)).children[0]);
    valueOrThrow(await run.tenant.cancelRun(run.id, "tenant", "Enough"));
    const all = await Promise.all([run.id, middle.correlation_id, inner.correlation_id].map(run.view));
    expect(all.map(({ status }) => status)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(all.map(({ fuel }) => fuel.reserved)).toEqual([0, 0, 0]);
    expect(await claimTask(run.tenant, `${inner.correlation_id}.write.main`, 1)).toMatchObject({ ok: false });
    expect(await run.tenant.describe()).toMatchObject({ activeRuns: 0, openTasks: 0 });
  });

  it("waits while one waits for a person, and hands the answer down to it", async () => {
    const own = plan("go", { go: { action: "run", topic: "workflow:pausing" } });
    const run = await started("child_pause", own, { pausing });
    expect(await run.view()).toMatchObject({
      status: "paused",
      current_step: "go",
      steps: [{ name: "go", status: "paused" }],
      children: [{ status: "paused" }],
      waiting: [
        { step: "ask", correlation_id: (await run.child()).correlation_id, review: { draft: "tea" } },
      ],
    });
    const { events } = await run.tenant.readEvents({ since: 0, entityId: run.id, limit: 100 });
    expect(events.find(({ event }) => event === "execution.paused")?.data).toMatchObject({
      code: "WORKFLOW_PAUSED_FOR_APPROVAL",
      step: "ask",
      data: { draft: "tea" },
      child_id: (await run.child()).correlation_id,
    });
    expect(valueOrThrow(await run.answer(true))).toEqual({ status: "completed", replayed: false });
    expect(await run.view()).toMatchObject({ result: { go: { feedback: "Well" } } });
    expect(await run.answer(true)).toMatchObject({ ok: false, code: "CONFLICT" });
  });

  it("goes on by the plan's own answer when nobody answers its child in time", async () => {
    const patient = plan("ask", {
      ask: {
        action: "pause_for_human_input",
        timeout_seconds: 0.05,
        default_answer: { approved: true, feedback: "Silence" },
        next_step: "done",
      },
      done: { action: "complete_workflow", input: { feedback: "{{data.human_feedback}}" } },
    });
    const own = plan("go", { go: { action: "run", topic: "workflow:patient" } });
    const run = await started("child_patience", own, { patient });
    await until(run.stub, async () => (await run.view()).status).toBe("completed");
    expect(await run.view()).toMatchObject({ result: { go: { feedback: "Silence" } } });
  });

  it("goes where its plan says when the person refuses", async () => {
    const own = plan("go", {
      go: { action: "run", topic: "workflow:pausing", on_error: "other", retry: { max_attempts: 3 } },
      other: { action: "complete_workflow", input: { refused: true } },
    });
    const run = await started("child_reject", own, { pausing });
    expect(valueOrThrow(await run.answer(false))).toEqual({ status: "completed", replayed: false });
    expect(await run.view()).toMatchObject({
      result: { refused: true },
      steps: [{ name: "go", error: { code: "WORKFLOW_REJECTED" } }, { name: "other" }],
    });
    expect((await run.view()).children).toHaveLength(1);
  });

  it("has several at once from a fan-out, each by its name, and waits until the last has been answered", async () => {
    const task = (step_name: string, workflow: string) => ({ step_name, topic: `workflow:${workflow}` });
    const own = plan("all", {
      all: {
        action: "fan_out",
        sub_tasks: [task("text", "text"), task("left", "pausing"), task("right", "pausing")],
      },
    });
    const run = await started("child_fan_out", own, { text: oneTextStep, pausing });
    const [text] = (await run.view()).children;
    expect((await run.view()).children.map(({ task, status }) => [task, status])).toEqual([
      ["text", "running"],
      ["left", "paused"],
      ["right", "paused"],
    ]);
    // Both wait at a step of the same name: each is answered at its own run.
    const [left, right] = (await run.view()).waiting;
    for (const step of [undefined, "ask"])
      expect(await run.answer(true, step)).toMatchObject({ ok: false, code: "APPROVAL_AMBIGUOUS" });
    await run.answerAt(present(left).correlation_id);
    expect((await run.view()).status).toBe("paused");
    expect(await run.answerAt(present(left).correlation_id)).toMatchObject({ ok: false, code: "CONFLICT" });
    await run.answerAt(present(right).correlation_id);
    expect((await run.view()).status).toBe("running");
    await run.complete(`${text?.correlation_id}.write.main`);
    expect(await run.view()).toMatchObject({
      status: "completed",
      result: { all: { text: { text: "Tea!" }, left: { feedback: "Well" }, right: { feedback: "Well" } } },
      fuel: { reserved: 0, spent: 5 + 10 },
    });
  });

  it("has what is left for all of them when nobody can tell what they need", async () => {
    const listing = plan("each", { each: { action: "ai_text_generate", for_each: "['a', 'b']" } });
    const task = (step_name: string) => ({ step_name, topic: "workflow:listing" });
    const own = plan("all", {
      all: { action: "fan_out", sub_tasks: [task("one"), task("two"), task("three")] },
    });
    const run = await started("child_shares", own, { listing }, { fuelBudget: 95 });
    const children = (await run.view()).children;
    expect((await run.view()).fuel).toEqual({ budget: 95, reserved: 60, spent: 5 });
    for (const { correlation_id } of children) {
      for (const key of ["0", "1"]) await run.complete(`${correlation_id}.each.${key}`);
    }
    expect(await run.view()).toMatchObject({
      status: "completed",
      fuel: { budget: 95, reserved: 0, spent: 65 },
    });
  });

  it("has one per item of a list, no more at once than it may", async () => {
    const own = plan("each", {
      each: {
        action: "run",
        topic: "workflow:text",
        for_each: "['a', 'b', 'c', 'd']",
        max_parallel: 2,
        input: { topic: "{{item}}" },
      },
    });
    const run = await started("child_items", own, { text: oneTextStep });
    for (let done = 0; done < 4; done++) {
      const children = (await run.view()).children;
      expect(children.filter(({ status }) => status === "running")).toHaveLength(done < 3 ? 2 : 1);
      const next = present(children.find(({ status }) => status === "running"));
      await run.complete(`${next.correlation_id}.write.main`, next.task);
    }
    expect((await run.view()).result).toEqual({ each: ["0", "1", "2", "3"].map((text) => ({ text })) });
  });

  it("can have one for each of a thousand items", async () => {
    const echo = plan("done", { done: { action: "complete_workflow", input: { echo: "{{input.item}}" } } });
    const own = plan("each", {
      each: { action: "run", topic: "workflow:echo", for_each: "input.items", input: { item: "{{item}}" } },
    });
    const items = Array.from({ length: 1000 }, (_, index) => index);
    const run = await started("child_thousand", own, { echo }, { input: { items } });
    const { status, result, children } = await run.view();
    expect({ status, children: children.length }).toEqual({ status: "completed", children: 1000 });
    expect(result).toEqual({ each: items.map((index) => ({ echo: index })) });
  });

  it("finds them again after the object was thrown out of memory, and joins them", async () => {
    const run = await started("child_evicted", asking, { text: oneTextStep });
    const { correlation_id } = await run.child();
    await evictDurableObject(run.stub);
    expect(await run.complete(`${correlation_id}.write.main`, "Later")).toEqual({ applied: true });
    await evictDurableObject(run.stub);
    expect(await run.view()).toMatchObject({ status: "completed", result: { text: "Later" } });
    expect(await run.complete(`${correlation_id}.write.main`, "Again")).toEqual({ applied: false });
  });

  it("keeps neither a child's end nor its own step when it breaks off between the two", async () => {
    const run = await started("child_broken_off", asking, { text: oneTextStep });
    const { correlation_id } = await run.child();
    const inDatabase = (statement: string) =>
      runInDurableObject(run.stub, (_, { storage }) => void storage.sql.exec(statement));
    await inDatabase(
      `CREATE TRIGGER broken BEFORE UPDATE ON runs WHEN NEW.id = '${run.id}' BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    // Called inside: a refusal over RPC counts as unhandled on its way.
    const broken = await runInDurableObject(run.stub, (object) =>
      completeTask(object, `${correlation_id}.write.main`, 1, { output: { text: "Tea!" }, usage }).catch(
        (error: unknown) => String(error),
      ),
    );
    expect(broken).toContain("broken");
    expect((await run.view(correlation_id)).status).toBe("running");
    await inDatabase("DROP TRIGGER broken");
    await evictDurableObject(run.stub);
    expect(await run.complete(`${correlation_id}.write.main`)).toEqual({ applied: true });
    expect(await run.view()).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 10 } });
  });
});
