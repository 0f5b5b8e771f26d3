import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { present } from "../../support/personas.ts";
import { oneTextStep, plan, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";
import { asking, started } from "./child-runs.ts";

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
    await run.complete(`${inner.correlation_id}.write.main`);
    const { events } = await run.tenant.readEvents({ since: 0, limit: 100 });
    const told = events.filter(({ event }) => !event.startsWith("instance."));
    expect(new Set(told.map(({ entity_id }) => entity_id))).toEqual(new Set([run.id]));
    const ofRun = told.filter(({ event }) => !/^execution\.(progress|task\..*)$/.test(event));
    expect(ofRun.map(({ event }) => event)).toEqual(["execution.started", "execution.completed"]);
    const ended = events.filter(({ event }) => event === "execution.task.completed");
    expect(ended.map(({ data }) => data.task_id)).toEqual([
      `${inner.correlation_id}.write.main`,
      `${middle.correlation_id}.inner.main`,
      `${run.id}.outer.main`,
    ]);
    const written = events.find(({ data }) => data.step === "write" && data.status === "completed");
    expect(written?.data).toMatchObject({
      correlation_id: run.id,
      child_id: inner.correlation_id,
      workflow: "text",
    });
  });
});
