import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { present } from "../../support/personas.ts";
import { oneTextStep, plan, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";
import { asking, started, until } from "./child-runs.ts";

const pausing = plan("ask", {
  ask: { action: "pause_for_human_input", input: { draft: "{{input.topic}}" }, next_step: "done" },
  done: { action: "complete_workflow", input: { feedback: "{{data.human_feedback}}" } },
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
