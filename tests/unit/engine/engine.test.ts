import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { isFinished, type RunState } from "#src/engine/run-state.ts";
import { nextWake } from "#src/engine/tick.ts";
import { pausesOf } from "#src/engine/waiting.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import { apply, begin, completed, failed, out, statuses, text } from "../../support/engine.ts";
import { plan, usage } from "../../support/plans.ts";

const diamond = plan("a", {
  a: text(),
  b: text({ dependencies: ["a"] }),
  c: text({ dependencies: ["a"] }),
  d: text({ dependencies: ["b", "c"], next_step: "end" }),
  end: { action: "complete_workflow" },
});

const fan = plan("fan", {
  fan: {
    action: "fan_out",
    sub_tasks: [
      { step_name: "left", topic: "system.adapter.web.search" },
      { step_name: "right", topic: "system.adapter.image.generate" },
    ],
    next_step: "join",
  },
  join: text({ input: { prompt: "{{steps.left.output.text}} and {{steps.right.output.text}}" } }),
});

describe("Order of steps", () => {
  it("runs steps whose dependencies are met in parallel and joins them", () => {
    const afterA = apply(begin(diamond), completed("run.a.main"));
    expect(out(afterA)).toEqual(["run.b.main", "run.c.main"]);
    const afterB = apply(afterA, completed("run.b.main"));
    expect(out(afterB)).toEqual(["run.c.main"]);
    const afterC = apply(afterB, completed("run.c.main"));
    expect(out(afterC)).toEqual(["run.d.main"]);
    expect(apply(afterC, completed("run.d.main")).status).toBe("completed");
  });

  it("dispatches all sub-tasks of a fan-out at once and hands their outputs on by name", () => {
    const run = begin(fan);
    expect(out(run)).toEqual(["run.fan.left", "run.fan.right"]);
    const joined = apply(
      run,
      completed("run.fan.right", { text: "R" }),
      completed("run.fan.left", { text: "L" }),
    );
    expect(joined.tasks["run.join.main"]?.input).toEqual({ prompt: "L and R" });
  });

  it("skips a step whose condition does not hold and goes on after it", () => {
    const run = begin(
      plan("a", {
        a: text({ when: "input.topic == 'coffee'", next_step: "b" }),
        b: text(),
      }),
    );
    expect(statuses(run)).toEqual({ a: "skipped", b: "running" });
  });

  it("completes when nothing is left to do, with the outputs of its steps", () => {
    const run = apply(begin(plan("a", { a: text() })), completed("run.a.main", { text: "A" }));
    expect(run).toMatchObject({ status: "completed", result: { a: { text: "A" } } });
  });

  it("makes one task per item and keeps to max_parallel", () => {
    const each = plan("each", {
      each: text({
        for_each: "input.items",
        max_parallel: 2,
        input: { prompt: "{{item}} is number {{index}}" },
      }),
    });
    const run = begin(each, { input: { items: ["x", "y", "z"] } });
    expect(out(run)).toEqual(["run.each.0", "run.each.1"]);
    const next = apply(run, completed("run.each.1", { text: "Y" }));
    expect(out(next)).toEqual(["run.each.0", "run.each.2"]);
    expect(next.tasks["run.each.2"]?.input).toEqual({ prompt: "z is number 2" });
    const done = apply(next, completed("run.each.2", { text: "Z" }), completed("run.each.0", { text: "X" }));
    expect(done.steps.each?.output).toEqual([{ text: "X" }, { text: "Y" }, { text: "Z" }]);
  });
});

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

describe("A task that waits for its turn among those of its tenant", () => {
  const run = begin(plan("a", { a: text({ timeout_seconds: 30 }) }));
  const taskIds = ["run.a.main"];
  const day = 86_400_000;

  it("is not given up before it was sent, for a day", () => {
    const event: RunEvent = { type: "tick", untaken: new Set(taskIds) };
    const waiting = advance(run, event, 30_000).state;
    expect(waiting).toMatchObject({ status: "running" });
    expect(nextWake(waiting)).toBe(day + 30_000);
    expect(advance(waiting, event, day + 30_000).state).toMatchObject({ error: { code: "TASK_TIMEOUT" } });
  });

  it("has its time from when it is sent, but not for ever", () => {
    const sent = (now: number) => advance(run, { type: "taken_late", taskIds }, now).state;
    expect(nextWake(sent(20_000))).toBe(50_000);
    expect(nextWake(sent(2 * day))).toBe(day + 30_000);
    const again = advance(sent(2 * day), { type: "taken_late", taskIds }, 3 * day);
    expect(again.applied).toBe(false);
  });

  it("has none any more when it is over", () => {
    const done = apply(begin(diamond), completed("run.a.main"));
    expect(advance(done, { type: "taken_late", taskIds }, 2000).applied).toBe(false);
  });
});

describe("Waiting for a person", () => {
  const asking = plan("ask", {
    ask: { action: "pause_for_human_input", timeout_seconds: 60, next_step: "b" },
    b: text(),
  });

  it("pauses, and goes on with the feedback in the data", () => {
    const paused = begin(asking);
    expect(paused.status).toBe("paused");
    const run = apply(paused, { type: "answered", approved: true, feedback: "Go", userId: "u" });
    expect(run).toMatchObject({ status: "running", extra: { human_feedback: "Go" } });
  });

  it("gives up when nobody answers in time", () => {
    const run = advance(begin(asking), { type: "tick" }, 60_000).state;
    expect(run).toMatchObject({ status: "failed", error: { code: "APPROVAL_TIMEOUT" } });
  });
});

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

/** Random acyclic plans: each step may depend on or be followed by later ones only. */
const planArbitrary = fc
  .array(
    fc.record({
      kind: fc.constantFrom("text", "fan", "pause"),
      links: fc.array(fc.nat(3), { maxLength: 2 }),
      onError: fc.constantFrom(undefined, "continue"),
      attempts: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((specs) => {
    const name = (index: number) => `s${index}`;
    const steps = specs.map(({ kind, links, onError, attempts }, index) => {
      const dependencies = [
        ...new Set(links.map((back) => index - 1 - back).filter((back) => back >= 0)),
      ].map(name);
      const shared = {
        ...(index > 0 && { dependencies: dependencies.length > 0 ? dependencies : ["s0"] }),
        on_error: onError,
      };
      const retry = { max_attempts: attempts, backoff_seconds: 1 };
      const action =
        kind === "pause"
          ? { action: "pause_for_human_input" }
          : kind === "fan"
            ? {
                action: "fan_out",
                sub_tasks: [0, 1, 2].map((part) => ({
                  step_name: `${name(index)}_${part}`,
                  topic: "system.adapter.web.search",
                })),
                retry,
              }
            : { action: "ai_text_generate", retry };
      return [name(index), { ...shared, ...action }] as const;
    });
    return plan("s0", Object.fromEntries(steps));
  });

type Fate = (task: string) => boolean;

/** What the outside world says to each task: about one in seven fails, whatever the order it is asked in. */
const fateOf =
  (salt: number): Fate =>
  (task) =>
    [...task].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_003, salt) % 7 !== 0;

const openReports = (run: RunState, succeeds: Fate): RunEvent[] =>
  Object.values(run.tasks)
    .filter(({ status }) => status === "dispatched")
    .map(({ id, attempt }) =>
      succeeds(`${id}${attempt}`) ? completed(id, { text: id }, attempt) : failed(id, true, attempt),
    );

const checkInvariants = (run: RunState): void => {
  const { budget, reserved, spent } = run.fuel;
  const tasks = Object.values(run.tasks);
  expect(reserved).toBe(
    tasks
      .filter(({ status }) => status === "dispatched" || status === "waiting")
      .reduce((sum, task) => sum + task.fuelReserved, 0),
  );
  expect(reserved + spent).toBeLessThanOrEqual(budget);
  expect(Math.min(reserved, spent)).toBeGreaterThanOrEqual(0);
  if (isFinished(run)) expect(reserved).toBe(0);
};

/** An answer to the gate that began first; repeated, it means no other. */
const answerOf = (run: RunState): RunEvent => ({
  type: "answered",
  approved: true,
  userId: "u",
  step: pausesOf(run)[0]?.name,
});

describe("Whatever the order", () => {
  it("every run ends, spends within its budget, and leaves finished steps as they are", () => {
    fc.assert(
      fc.property(
        planArbitrary,
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 5, max: 400 }),
        (workflow, salt, choices, fuelBudget) => {
          let run = begin(workflow, { fuelBudget });
          let now = 0;
          const past: RunEvent[] = [];
          for (let round = 0; round < 500 && !isFinished(run); round++) {
            const open = openReports(run, fateOf(salt));
            const paused = run.status === "paused";
            const [choice = 0, repeat = 0] = [choices.next().value, choices.next().value];
            const event: RunEvent =
              open[choice % Math.max(1, open.length)] ?? (paused ? answerOf(run) : { type: "tick" });
            now = Math.max(now + 1, open.length === 0 && !paused ? (nextWake(run) ?? now) : now);
            // A duplicate or late message beside every real one.
            const stale = past[repeat % Math.max(1, past.length)];
            for (const next of stale ? [event, stale, event] : [event, event]) {
              const before = run;
              run = advance(run, next, now).state;
              for (const step of Object.values(before.steps)) {
                if (step.status === "completed") expect(run.steps[step.name]?.output).toEqual(step.output);
              }
              checkInvariants(run);
            }
            past.push(event);
          }
          expect(isFinished(run)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("the same answers in another order, with duplicates, lead to the same final state", () => {
    const outcome = (workflow: Plan, pick: (count: number) => number) => {
      let run = begin(workflow, { fuelBudget: 100_000 });
      for (let round = 0; round < 500 && !isFinished(run); round++) {
        const open = openReports(run, () => true);
        const event = open[pick(open.length)] ?? answerOf(run);
        run = advance(run, event, 1).state;
        run = advance(run, event, 2).state;
      }
      return { status: run.status, result: run.result, fuel: run.fuel, steps: statuses(run) };
    };
    fc.assert(
      fc.property(planArbitrary, fc.infiniteStream(fc.nat()), (workflow, choices) => {
        const first = outcome(workflow, () => 0);
        const other = outcome(workflow, (count) => (choices.next().value ?? 0) % Math.max(1, count));
        expect(other).toEqual(first);
        expect(first.status).toBe("completed");
      }),
      { numRuns: 300 },
    );
  });
});
