import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { nextWake } from "#src/engine/tick.ts";
import { apply, begin, completed, text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";
import { diamond } from "./example-plans.ts";

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
    const claimed = (now: number) => advance(run, { type: "tasks_claimed", taskIds }, now);
    expect(nextWake(claimed(2000).state)).toBe(30_000);
    expect(nextWake(claimed(20_000).state)).toBe(50_000);
    expect(nextWake(claimed(day + 10_000).state)).toBe(day + 30_000);
    expect(claimed(2 * day).applied).toBe(false);
  });

  it("has none any more when it is over", () => {
    const done = apply(begin(diamond), completed("run.a.main"));
    expect(advance(done, { type: "tasks_claimed", taskIds }, 2000).applied).toBe(false);
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
