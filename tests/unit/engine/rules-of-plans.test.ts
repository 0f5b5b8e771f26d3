import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import { validatePlan } from "#src/engine/plans/validate-plan.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import type { RunState } from "#src/engine/run-state.ts";
import { nextWake } from "#src/engine/tick.ts";
import { apply, begin, completed, failed, out, statuses, text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";

/** What `docs/workflows.md` says under "Rules", sentence by sentence. */

const day = 86_400_000;
const ask = (more: object = {}) => ({ action: "pause_for_human_input", ...more });
const child = (more: object = {}) => ({ action: "run", topic: "workflow:inner", ...more });
const says = (approved: boolean): RunEvent => ({ type: "answered", approved, userId: "u", feedback: "Well" });

describe("The time-out of a task that a child run carries out", () => {
  it("is 30 days, the child's waiting for people included, unless the step has one of its own", () => {
    expect(nextWake(begin(plan("a", { a: child() })))).toBe(30 * day);
    expect(nextWake(begin(plan("a", { a: child({ timeout_seconds: 60 }) })))).toBe(60_000);
  });

  it("ends the child, and is a failure that may be tried again", () => {
    const run = begin(plan("a", { a: child({ timeout_seconds: 60, retry: { max_attempts: 2 } }) }));
    const { state, effects } = advance(run, { type: "tick" }, 60_000);
    expect(effects).toContainEqual({ type: "cancel_child", taskId: "run.a.main" });
    expect(state.tasks["run.a.main"]).toMatchObject({
      status: "waiting",
      attempt: 2,
      error: { code: "TASK_TIMEOUT" },
    });
  });
});

const undoable = (more: Parameters<typeof plan>[1] = {}) =>
  plan("book", {
    book: text({ next_step: "pay", compensate: "unbook" }),
    pay: text({ next_step: "send", compensate: "refund" }),
    send: text(),
    unbook: text(),
    refund: text(),
    ...more,
  });

const paid = (workflow = undoable()): RunState =>
  apply(begin(workflow), completed("run.book.main"), completed("run.pay.main"));

describe("Undoing", () => {
  it.each<[string, RunEvent]>([
    ["Cancelling", { type: "cancel", reason: "No" }],
    ["Terminating", { type: "terminate" }],
  ])("%s a run undoes nothing", (_, event) => {
    const run = apply(paid(), event);
    expect(run.completedAt).not.toBeNull();
    expect(Object.keys(run.steps)).toEqual(["book", "pay", "send"]);
  });

  it("goes on with the next step when one fails, whatever its on_error says, and the run's error stays", () => {
    const refund = text({ on_error: "send_mail", next_step: "unrelated" });
    const workflow = undoable({ refund, send_mail: text(), unrelated: text() });
    const failing = apply(paid(workflow), failed("run.send.main"));
    expect(out(failing)).toEqual(["run.refund.main"]);
    const next = apply(failing, {
      type: "task_failed",
      taskId: "run.refund.main",
      attempt: 1,
      failure: { error: { code: "OTHER", message: "Not refunded", retryable: false } },
    });
    expect(out(next)).toEqual(["run.unbook.main"]);
    expect(apply(next, completed("run.unbook.main"))).toMatchObject({
      status: "failed",
      error: { code: "BOOM" },
      steps: { refund: { status: "failed", error: { code: "OTHER" } } },
    });
  });

  it("goes on when a step is skipped, or rejected by whoever it asks", () => {
    const workflow = undoable({ refund: ask(), unbook: text({ when: "false" }) });
    const run = apply(paid(workflow), failed("run.send.main"), says(false));
    expect(run).toMatchObject({ status: "failed", error: { code: "BOOM" } });
    expect(statuses(run)).toMatchObject({ refund: "failed", unbook: "skipped" });
  });

  it("tries a step again as its retry says", () => {
    const failing = apply(
      paid(undoable({ refund: text({ retry: { max_attempts: 2 } }) })),
      failed("run.send.main"),
    );
    const { state } = advance(failing, failed("run.refund.main", true), 1000);
    expect(out(advance(state, { type: "tick" }, 3000).state)).toEqual(["run.refund.main"]);
  });

  it("leads on to nothing: what comes after a step that undoes does not begin", () => {
    const workflow = undoable({ refund: text({ next_step: "mail" }), mail: text() });
    const run = apply(
      paid(workflow),
      failed("run.send.main"),
      completed("run.refund.main"),
      completed("run.unbook.main"),
    );
    expect(statuses(run)).toMatchObject({ refund: "completed", unbook: "completed" });
    expect(Object.keys(run.steps)).not.toContain("mail");
  });

  it("does not repeat a step that has begun already in the course of the run", () => {
    const workflow = undoable({
      pay: text({ next_step: "refund", compensate: "refund" }),
      refund: text({ next_step: "send" }),
    });
    const run = apply(paid(workflow), completed("run.refund.main"), failed("run.send.main"));
    expect(out(run)).toEqual(["run.unbook.main"]);
  });

  it("has a step that undoes several run once, when the last of them to complete is undone", () => {
    const workflow = undoable({ book: text({ next_step: "pay", compensate: "refund" }) });
    const failing = apply(paid(workflow), failed("run.send.main"));
    expect(out(failing)).toEqual(["run.refund.main"]);
    expect(apply(failing, completed("run.refund.main"))).toMatchObject({ status: "failed", undoing: null });
  });
});

describe("A rejection", () => {
  it("is the failure of its step: it fails the run, and undoes", () => {
    const workflow = plan("a", {
      a: text({ compensate: "undo", next_step: "ask" }),
      ask: ask(),
      undo: text(),
    });
    const run = apply(begin(workflow), completed("run.a.main"), says(false), completed("run.undo.main"));
    expect(run).toMatchObject({ status: "failed", error: { code: "WORKFLOW_REJECTED" } });
  });

  it("goes where on_error says, which can read what was said", () => {
    const other = text({ input: { prompt: "{{steps.ask.output.feedback}}: {{steps.ask.error.code}}" } });
    const run = apply(
      begin(plan("ask", { ask: ask({ on_error: "other", next_step: "on" }), on: text(), other })),
      says(false),
    );
    expect(out(run)).toEqual(["run.other.main"]);
    expect(run.tasks["run.other.main"]?.input).toEqual({ prompt: "Well: WORKFLOW_REJECTED" });
  });

  it("is passed over with continue, and what comes next can ask for it", () => {
    const on = text({ when: "!steps.ask.output.approved" });
    const run = apply(
      begin(plan("ask", { ask: ask({ on_error: "continue", next_step: "on" }), on })),
      says(false),
    );
    expect(statuses(run)).toEqual({ ask: "failed", on: "running" });
  });

  it("that nobody gave in time is one as well, with APPROVAL_TIMEOUT", () => {
    const workflow = plan("ask", { ask: ask({ on_error: "other", timeout_seconds: 1 }), other: text() });
    const run = advance(begin(workflow), { type: "tick" }, 1000).state;
    expect(run.steps.ask?.error?.code).toBe("APPROVAL_TIMEOUT");
    expect(out(run)).toEqual(["run.other.main"]);
  });
});

describe("max_parallel", () => {
  it("counts a task that waits for its next attempt as one that is out", () => {
    const each = text({
      for_each: "[1, 2, 3]",
      max_parallel: 2,
      retry: { max_attempts: 2, backoff_seconds: 60 },
    });
    const run = apply(begin(plan("each", { each })), failed("run.each.0", true));
    expect(out(run)).toEqual(["run.each.1"]);
    expect(out(apply(run, completed("run.each.1")))).toEqual(["run.each.2"]);
  });
});

describe("A value that is not there", () => {
  const begun = (step: object) => begin(plan("a", { a: text(step) }), { input: { none: null } });

  it.each([
    ["{{input.nothing}}", "undefined variable"],
    ["{{input.nothing | upcase}}", "undefined variable"],
  ])("fails the step in a template: %s", (prompt, message) => {
    const { error } = begun({ input: { prompt } });
    expect(error).toMatchObject({ code: "WORKFLOW_EXPRESSION", message: expect.stringContaining(message) });
  });

  it.each([
    ["{{input.nothing | default: 'tea'}}", "tea"],
    ["{% if input.nothing %}yes{% else %}no{% endif %}", "no"],
    ["{{input.none}}", null],
    ["{{input.none.deeper}}", null],
    ["About {{input.none}}.", "About ."],
  ])("may be asked for in a template: %s gives %j", (prompt, expected) => {
    expect(begun({ input: { prompt } }).tasks["run.a.main"]?.input).toEqual({ prompt: expected });
  });

  it.each(["input.nothing", "input.nothing == true", "input.none.deeper == 1"])(
    "fails the step in a condition: %s",
    (when) => {
      expect(begun({ when }).error?.code).toBe("WORKFLOW_EXPRESSION");
    },
  );

  it.each([
    ["has(input.nothing) && input.nothing", "skipped"],
    ["!('nothing' in input)", "running"],
    ["input.none == null", "running"],
    ["has(steps.b)", "skipped"],
  ])("may be asked for in a condition: with %s the step is %s", (when, status) => {
    expect(begun({ when }).steps.a?.status).toBe(status);
  });
});

describe("Of several errors", () => {
  it("the first that ends the run is the run's, and the others stay in their steps or never come", () => {
    const workflow = plan("s", {
      s: text(),
      a: text({ dependencies: ["s"], on_error: "continue" }),
      b: text({ dependencies: ["s"] }),
      c: text({ dependencies: ["s"] }),
    });
    const run = apply(
      begin(workflow),
      completed("run.s.main"),
      failed("run.a.main"),
      failed("run.c.main"),
      failed("run.b.main"),
    );
    expect(run.error?.details).toMatchObject({ step: "c" });
    expect(statuses(run)).toMatchObject({ a: "failed", b: "cancelled", c: "failed" });
  });

  it("of tasks of one step the first that fails for good counts, and the others are cancelled", () => {
    const each = plan("each", { each: text({ for_each: "[1, 2, 3]" }) });
    const run = apply(begin(each), failed("run.each.2"), failed("run.each.0"));
    expect(run.error?.details).toMatchObject({ step: "each", task: "2" });
    expect(run.tasks["run.each.0"]?.status).toBe("cancelled");
  });

  it("missing fuel counts, whatever on_error says", () => {
    const image = { action: "ai_image_generate", on_error: "continue", next_step: "b" };
    const run = begin(plan("a", { a: image, b: text() }), { fuelBudget: 20 });
    expect(run).toMatchObject({ status: "failed", error: { code: "INSUFFICIENT_FUEL" } });
  });

  it("time-outs that are noticed together count in the order in which their tasks were created", () => {
    const late = (more: object) => text({ timeout_seconds: 10, dependencies: ["s"], ...more });
    const run = apply(begin(plan("s", { s: text(), b: late({}), a: late({}) })), completed("run.s.main"));
    expect(advance(run, { type: "tick" }, 20_000).state.error?.details).toMatchObject({ step: "a" });
  });
});

describe("A plan whose on_error step can never begin", () => {
  const errorsOf = (steps: Parameters<typeof plan>[1]) =>
    validatePlan(plan("a", steps), { config: {}, isRoutable: () => true }).errors;

  it("is refused when it is saved, with the dependency that never passes", () => {
    const steps = {
      a: text({ on_error: "rescue", next_step: "x" }),
      x: text({ dependencies: ["a"] }),
      late: text({ dependencies: ["x"] }),
      rescue: text({ dependencies: ["late"] }),
    };
    expect(errorsOf(steps)).toEqual([
      {
        step: "a",
        path: "steps.a.on_error",
        message: "rescue never begins when a has failed: it depends on late, which waits for a",
      },
    ]);
  });

  it("is not refused when that step depends on the failed one itself, or on others", () => {
    const steps = {
      a: text({ on_error: "rescue", next_step: "x" }),
      x: text(),
      rescue: text({ dependencies: ["a", "x"] }),
    };
    expect(errorsOf(steps)).toEqual([]);
  });
});
