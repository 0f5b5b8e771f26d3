import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import { nextWake } from "#src/engine/tick.ts";
import { apply, begin, completed, failed, out, statuses, text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";
import { fan } from "./example-plans.ts";

describe("Failure", () => {
  it("fails the run with the error and the step, and cancels what is still out", () => {
    const run = apply(begin(fan), failed("run.fan.left"));
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "BOOM", details: { step: "fan", task: "left" } },
      fuel: { reserved: 0 },
    });
    expect(run.tasks["run.fan.right"]?.status).toBe("cancelled");
  });

  it("tries again after a growing pause, as often as the step says", () => {
    const retrying = plan("a", {
      a: text({ retry: { max_attempts: 3, backoff_seconds: 10, multiplier: 3 } }),
    });
    const first = advance(begin(retrying), failed("run.a.main", true), 0).state;
    expect(nextWake(first)).toBe(10_000);
    const second = advance(first, { type: "tick" }, 10_000).state;
    expect(out(second)).toEqual(["run.a.main"]);
    const third = advance(second, failed("run.a.main", true, 2), 10_000).state;
    expect(nextWake(third)).toBe(40_000);
    const last = advance(
      advance(third, { type: "tick" }, 40_000).state,
      failed("run.a.main", true, 3),
      40_000,
    ).state;
    expect(last.status).toBe("failed");
  });

  it("does not try again what cannot succeed", () => {
    const retrying = plan("a", { a: text({ retry: { max_attempts: 3 } }) });
    expect(apply(begin(retrying), failed("run.a.main", false)).status).toBe("failed");
  });

  it("goes to the step of on_error instead of what would have followed", () => {
    const guarded = plan("a", { a: text({ on_error: "plan_b", next_step: "c" }), plan_b: text(), c: text() });
    const run = apply(begin(guarded), failed("run.a.main"), completed("run.plan_b.main"));
    expect(run.status).toBe("completed");
    expect(statuses(run)).toEqual({ a: "failed", plan_b: "completed" });
  });

  it("fails the run when the step of on_error can never begin, for what it depends on never passes", () => {
    const guarded = plan("a", {
      a: text({ next_step: "b" }),
      b: text({ on_error: "rescue" }),
      never: text({ dependencies: ["a"], when: "false", on_error: "continue", next_step: "late" }),
      late: text({ dependencies: ["b"] }),
      rescue: text({ dependencies: ["late"] }),
    });
    const run = apply(begin(guarded), completed("run.a.main"), failed("run.b.main"));
    expect(run).toMatchObject({ status: "failed", error: { code: "BOOM" } });
  });

  it("tells the watchers of each step that it cancels", () => {
    const { effects } = advance(begin(fan), { type: "cancel", reason: "No" }, 1000);
    const told = effects.flatMap((effect) =>
      effect.type === "emit" ? [[effect.event, effect.data.status]] : [],
    );
    expect(told).toEqual([
      ["execution.task.cancelled", undefined],
      ["execution.task.cancelled", undefined],
      ["execution.progress", "cancelled"],
      ["execution.cancelled", "cancelled"],
    ]);
  });

  it("goes on as if nothing had happened with on_error: continue", () => {
    const run = apply(
      begin(plan("a", { a: text({ on_error: "continue", next_step: "b" }), b: text() })),
      failed("run.a.main"),
    );
    expect(statuses(run)).toEqual({ a: "failed", b: "running" });
  });

  it("undoes completed steps in reverse order before it fails", () => {
    const undoable = plan("book", {
      book: text({ next_step: "pay", compensate: "unbook" }),
      pay: text({ next_step: "send", compensate: "refund" }),
      send: text(),
      unbook: text(),
      refund: text(),
    });
    const broken = apply(
      begin(undoable),
      completed("run.book.main"),
      completed("run.pay.main"),
      failed("run.send.main"),
    );
    expect(broken.status).toBe("running");
    expect(out(broken)).toEqual(["run.refund.main"]);
    const refunded = apply(broken, completed("run.refund.main"));
    expect(out(refunded)).toEqual(["run.unbook.main"]);
    expect(apply(refunded, completed("run.unbook.main"))).toMatchObject({
      status: "failed",
      error: { code: "BOOM" },
    });
  });

  it("fails a step whose items' templates take too long together, and the steps after it", () => {
    const q = "{% for number in (1..40000) %}{% assign last = number %}{% endfor %}{{last}}";
    const items = Array.from({ length: 100 }, (_, index) => index);
    const heavy = { action: "web_search", for_each: "input.items", input: { q } };
    const steps = { a: { ...heavy, on_error: "b" }, b: { action: "web_search", input: { q } } };
    const alone = begin(plan("b", { b: steps.b }));
    expect(alone.status).toBe("running");
    const run = begin(plan("a", steps), { input: { items } });
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "WORKFLOW_EXPRESSION", message: expect.stringContaining("b: ") },
      steps: { a: { error: { message: expect.stringContaining("take too long at once") } } },
      tasks: {},
    });
  });

  it("fails a step when the conditions before it have taken too long together", () => {
    const numbers = Array.from({ length: 6500 }, (_, index) => index);
    const steps = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `s${index}`,
        { action: "web_search", when: "input.a.exists(x, x in input.b)", next_step: `s${index + 1}` },
      ]),
    );
    const chain = plan("s0", { ...steps, s20: text() });
    const run = begin(chain, { input: { a: numbers, b: numbers.map((number) => -1 - number) } });
    expect(run).toMatchObject({
      status: "failed",
      error: { message: "Step s1: The expressions take too long at once" },
    });
  });

  it("fails a run that could never begin, instead of letting it stand still", () => {
    const run = begin(plan("a", { a: text({ dependencies: ["b"] }), b: text() }));
    expect(run).toMatchObject({ status: "failed", error: { code: "WORKFLOW_INVALID" } });
  });

  it("fails a step whose template reads what is not there", () => {
    const run = begin(plan("a", { a: text({ input: { prompt: "{{input.nothing}}" } }) }));
    expect(run).toMatchObject({ status: "failed", error: { code: "WORKFLOW_EXPRESSION" } });
  });

  it("fails a task that does not report before its deadline", () => {
    const run = begin(plan("a", { a: text({ timeout_seconds: 30 }) }));
    expect(nextWake(run)).toBe(30_000);
    expect(advance(run, { type: "tick" }, 29_999).applied).toBe(false);
    expect(advance(run, { type: "tick" }, 30_000).state).toMatchObject({
      status: "failed",
      error: { code: "TASK_TIMEOUT" },
    });
  });
});
