import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import type { RunState, TaskState } from "#src/engine/run-state.ts";
import { begin, failed, text } from "../../support/engine.ts";
import { plan, usage } from "../../support/plans.ts";
import { fan } from "./example-plans.ts";

const retry = { max_attempts: 3, backoff_seconds: 10 };
const taskId = "run.a.main";
const claimed: RunEvent = { type: "tasks_claimed", taskIds: [taskId] };
const deferred: RunEvent = { type: "task_deferred", taskId, attempt: 1, delayMs: 500 };

/** A run after events, each at its time. */
const movedBy = (run: RunState, ...events: [number, RunEvent][]): RunState =>
  events.reduce((state, [now, event]) => advance(state, event, now).state, run);

/** What the last of some events has the watchers told of tasks. */
function told(run: RunState, now: number, event: RunEvent) {
  const { effects } = advance(run, event, now);
  return effects.flatMap((effect) =>
    effect.type === "emit" && effect.event.startsWith("execution.task.")
      ? [{ event: effect.event.replace("execution.task.", ""), ...effect.data }]
      : [],
  );
}

describe("A task knows of its attempts", () => {
  const run = begin(plan("a", { a: text({ retry, next_step: "b" }), b: text() }));

  it("when the present one went out, was taken and ended, and which model it had", () => {
    const result = { output: {}, usage: { ...usage, model: "claude-haiku" } };
    const done: RunEvent = { type: "task_completed", taskId, attempt: 1, result };
    expect(movedBy(run, [100, claimed], [900, done]).tasks[taskId]).toMatchObject({
      dispatchedAt: 0,
      claimedAt: 100,
      endedAt: 900,
      model: "claude-haiku",
    });
  });

  it("how those before it ended, and what came between them", () => {
    const second = movedBy(run, [100, claimed], [200, failed(taskId, true)], [10_200, { type: "tick" }]);
    const third = movedBy(second, [10_300, claimed], [10_400, failed(taskId, true, 2)]);
    expect(third.tasks[taskId]?.attempts).toEqual([
      attempt(1, { dispatchedAt: 0, claimedAt: 100, endedAt: 200, delayMs: 10_000 }),
      attempt(2, { dispatchedAt: 10_200, claimedAt: 10_300, endedAt: 10_400, delayMs: 20_000 }),
    ]);
    expect(third.tasks[taskId]).toMatchObject({ attempt: 3, dispatchedAt: null, claimedAt: null });
  });

  it("that it was given back unharmed, and is taken anew", () => {
    const again = movedBy(run, [100, claimed], [200, deferred], [700, claimed]);
    expect(again.tasks[taskId]).toMatchObject({
      attempt: 1,
      dispatchedAt: 700,
      claimedAt: 700,
      attempts: [{ attempt: 1, claimedAt: 100, endedAt: 200, error: null, delayMs: 500 }],
    });
  });

  it("not of those that only waited for another call to find out about the provider", () => {
    const probed = Array.from({ length: 50 }, (_, n): [number, RunEvent] => [
      n,
      { ...deferred, isFree: true },
    ]);
    expect(movedBy(run, ...probed).tasks[taskId]?.attempts).toBeUndefined();
  });

  it("the beginning of a long error, and its details when they are small", () => {
    const error = { code: "BOOM", message: "x".repeat(5000), retryable: true, details: "y".repeat(5000) };
    const broken = movedBy(run, [1, { type: "task_failed", taskId, attempt: 1, failure: { error } }]);
    expect(broken.tasks[taskId]?.attempts?.[0]?.error).toEqual({ code: "BOOM", message: "x".repeat(500) });
  });
});

const attempt = (number: number, times: object) => ({
  attempt: number,
  error: { code: "BOOM", message: "It broke" },
  ...times,
});

describe("Whoever watches is told", () => {
  const run = begin(plan("a", { a: text({ retry, next_step: "b" }), b: text() }));
  const ofTask = { step: "a", task_id: taskId, action: "ai_text_generate", attempt: 1 };

  it("that a consumer has a task", () => {
    expect(told(run, 100, claimed)).toEqual([{ event: "claimed", ...ofTask }]);
  });

  it("that an attempt has failed and another follows", () => {
    const error = { code: "BOOM", message: "It broke" };
    const event = { event: "delayed", ...ofTask, delay_ms: 10_000, error };
    expect(told(run, 100, failed(taskId, true))).toEqual([event]);
  });

  it("that a task was given back", () => {
    expect(told(run, 100, deferred)).toEqual([{ event: "delayed", ...ofTask, delay_ms: 500 }]);
  });

  it("that one has ended, how long its text is, and that the next has gone out to whoever did it", () => {
    const done: RunEvent = { ...completion("Grüße 👋"), takes: () => true };
    expect(told(run, 100, done)).toMatchObject([
      { event: "completed", ...ofTask, fuel: 10, tokens: { input: 3, output: 5 }, text_length: 8 },
      { event: "dispatched", step: "b", fuel: 10 },
      { event: "claimed", step: "b" },
    ]);
  });

  it("that one that is out is not wanted any more, and by which name it goes", () => {
    expect(told(begin(fan), 100, { type: "cancel", reason: "No" })).toMatchObject([
      { event: "cancelled", step: "fan", name: "left" },
      { event: "cancelled", step: "fan", name: "right" },
    ]);
  });

  it("of items by their index, and of none that never went out", () => {
    const items = begin(
      plan("a", { a: text({ for_each: "[1, 2, 3]", max_parallel: 2, input: { n: "{{item}}" } }) }),
    );
    expect(told(items, 100, { type: "cancel", reason: "No" })).toMatchObject([
      { event: "cancelled", index: 0 },
      { event: "cancelled", index: 1 },
    ]);
    expect(items.tasks["run.a.2"]?.status).toBe("queued");
  });
});

const completion = (written: string) => {
  const result = { output: { text: written }, usage };
  return { type: "task_completed", taskId, attempt: 1, result } as const;
};

describe("Whoever completes a task takes with it", () => {
  const run = begin(
    plan("a", {
      a: text({ next_step: "two" }),
      two: {
        action: "fan_out",
        sub_tasks: ["one", "other"].map((step_name) => ({ step_name, topic: "agents.text", action: "ask" })),
      },
    }),
  );
  const takenBy = (takes: (task: TaskState) => boolean) => {
    const { state, effects } = advance(run, { ...completion("Tea"), takes }, 100);
    const taken = Object.values(state.tasks).filter(({ claimedAt }) => claimedAt === 100);
    expect(effects.filter(({ type }) => type === "claim")).toHaveLength(taken.length);
    return taken.map(({ id }) => id);
  };

  it("the first that is its own, in the same move", () => {
    expect(takenBy(() => true)).toEqual(["run.two.one"]);
    expect(takenBy(({ key }) => key === "other")).toEqual(["run.two.other"]);
  });

  it("nothing when none is", () => {
    expect(takenBy(() => false)).toEqual([]);
  });
});
