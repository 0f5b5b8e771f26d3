import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Plan } from "#src/engine/plans/plan.ts";
import { oneTextStep, plan } from "../../support/plans.ts";
import { started, until } from "./child-runs.ts";

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
