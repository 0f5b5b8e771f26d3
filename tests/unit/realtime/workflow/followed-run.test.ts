import { describe, expect, it } from "vitest";
import type { RunView } from "#src/engine/run-view.ts";
import { viewOf } from "#src/objects/run-projection.ts";
import { FollowedRun } from "#src/realtime/workflow/followed-run.ts";
import { workflowFrame } from "#src/realtime/workflow/workflow-status.ts";
import { begin, text } from "../../../support/engine.ts";
import { plan } from "../../../support/plans.ts";

const threeTexts = plan("a", { a: text({ next_step: "b" }), b: text({ next_step: "c" }), c: text() });

const view = (more: Partial<RunView> = {}): RunView => ({
  ...viewOf(begin(threeTexts)),
  revision: 4,
  ...more,
});

let seq = 0;
const event = (name: string, data: Record<string, unknown>) => ({
  event: `execution.${name}`,
  seq: ++seq,
  data,
});
const step = (name: string, status: string, more: object = {}) =>
  event("progress", { step: name, status, revision: 5, ...more });

describe("A run that is followed", () => {
  it("goes by what its events say of its steps", () => {
    const run = new FollowedRun(view());
    expect(run.told).toEqual({ status: "in_progress", step: "a", progress: 0, result: null });
    expect(run.take(step("a", "completed"))).toBe(true);
    expect(run.take(event("paused", { step: "b", revision: 6 }))).toBe(true);
    expect(run.told).toMatchObject({ step: "b", progress: 1 / 3 });
    expect(
      run.take(event("completed", { status: "completed", result: { x: 1 }, error: null, revision: 9 })),
    ).toBe(true);
    expect([run.told, run.isOver]).toEqual([
      { status: "completed", step: "b", progress: 1, result: { x: 1 } },
      true,
    ]);
  });

  it.each([
    ["what had happened when it was read", step("a", "completed", { revision: 4 })],
    ["what happened in a child run", step("a", "completed", { child_id: "child" })],
    ["what happened to a task", event("task.completed", { step: "a", revision: 5 })],
    ["a status that no step has", step("a", "resting")],
    ["an end that its name belies", event("failed", { status: "completed", revision: 5 })],
    ["a text", event("delta", { step: "a", text: "x" })],
  ])("is told nothing new by %s", (_, told) => {
    const run = new FollowedRun(view());
    expect(run.take(told)).toBe(false);
    expect(run.told.progress).toBe(0);
  });

  it("is told nothing twice, and nothing after its end", () => {
    const run = new FollowedRun(view());
    const told = step("a", "completed");
    expect([run.take(told), run.take(told)]).toEqual([true, false]);
    expect(run.take(event("cancelled", { status: "cancelled", revision: 6 }))).toBe(true);
    expect(run.take(step("b", "completed", { revision: 7 }))).toBe(false);
  });

  it("believes an event of a release that told no revision", () => {
    const run = new FollowedRun(view());
    expect(run.take(event("progress", { step: "a", status: "completed" }))).toBe(true);
  });

  it("never tells less than was told before", () => {
    expect(new FollowedRun(view(), 0.9).told.progress).toBe(0.9);
    const failed = new FollowedRun(
      view({ status: "failed", error: { code: "BOOM", message: "It broke" } }),
      0.9,
    );
    expect(failed.told).toMatchObject({ status: "failed", progress: 0.9, error: { code: "BOOM" } });
  });

  it("whose plan this release does not know is told of by its end", () => {
    const run = new FollowedRun(view({ plan: null }));
    run.take(step("a", "completed"));
    expect(run.told.progress).toBe(0);
    run.take(event("completed", { status: "completed", result: 1, revision: 9 }));
    expect(run.told).toMatchObject({ status: "completed", progress: 1, result: 1 });
  });

  it("says what is too large for a frame, read or told", () => {
    const large = { text: "x".repeat(60_000) };
    const read = new FollowedRun(view({ status: "completed", result: large }));
    const told = new FollowedRun(view());
    told.take(event("completed", { status: "completed", omitted: ["result", "fuel"], revision: 9 }));
    for (const run of [read, told])
      expect(JSON.parse(workflowFrame("w1", "r", run, 0)).data).toEqual({
        status: "completed",
        step: "a",
        progress: 1,
        result: null,
        run: "r",
        omitted: ["result"],
      });
  });

  it("weighs what it holds", () => {
    expect(new FollowedRun(view()).weight).toBe(1 + 3 * 10 + 3);
  });
});
