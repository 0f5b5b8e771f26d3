import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import { apply, begin, completed, text } from "../../support/engine.ts";
import { plan, usage } from "../../support/plans.ts";
import { diamond, fan } from "./example-plans.ts";

describe("Fuel", () => {
  it("is reserved at dispatch and settled at completion", () => {
    const run = begin(plan("a", { a: text() }));
    expect(run.fuel).toEqual({ budget: 1000, reserved: 10, spent: 0 });
    const done = apply(run, {
      type: "task_completed",
      taskId: "run.a.main",
      attempt: 1,
      result: { output: {}, usage, fuelUsed: 4 },
    });
    expect(done.fuel).toEqual({ budget: 1000, reserved: 0, spent: 4 });
  });

  it("that a child run has used stays spent when its step fails, and the rest returns", () => {
    const parent = plan("child", {
      child: { action: "delegate", topic: "workflow:inner", fuel_budget: 50, timeout_seconds: 10 },
      after: text(),
    });
    const used = { fuel: 30, held: 20, tokensIn: 1, tokensOut: 2, costMicros: 3 };
    const run = apply(begin(parent), { type: "child_used", taskId: "run.child.main", attempt: 1, used });
    expect(run.fuel).toEqual({ budget: 1000, reserved: 20, spent: 30 });
    const late = advance(run, { type: "tick" }, 10_000).state;
    expect(late).toMatchObject({ status: "failed", fuel: { reserved: 0, spent: 30 } });
    expect(late.tasks["run.child.main"]).toMatchObject({
      fuelSpent: 30,
      tokensIn: 1,
      tokensOut: 2,
      costMicros: 3,
    });
  });

  it("of a fan-out itself shows in its step, so that all steps together are what the run has spent", () => {
    const run = apply(
      begin(fan),
      completed("run.fan.left"),
      completed("run.fan.right"),
      completed("run.join.main"),
    );
    const shown = Object.fromEntries(viewOf(run).steps.map(({ name, fuel }) => [name, fuel]));
    expect(shown).toEqual({ fan: 5 + 5 + 40, join: 10 });
    expect(run.fuel.spent).toBe(60);
  });

  it("returns when a run is cancelled", () => {
    const run = apply(begin(diamond), { type: "cancel", reason: "No longer needed" });
    expect(run).toMatchObject({ status: "cancelled", fuel: { reserved: 0, spent: 0 } });
  });

  it("fails the run before it could be overspent, and says by how much", () => {
    const run = begin(fan, { fuelBudget: 20 });
    expect(run).toMatchObject({
      status: "failed",
      error: {
        code: "INSUFFICIENT_FUEL",
        details: { required: 40, available: 10, action: "ai_image_generate" },
      },
    });
    expect(run.fuel).toEqual({ budget: 20, reserved: 0, spent: 5 });
  });
});
