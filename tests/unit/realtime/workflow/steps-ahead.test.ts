import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { isFinished, type RunState } from "#src/engine/run-state.ts";
import type { StepStatus } from "#src/engine/run-view.ts";
import { pausesOf } from "#src/engine/waiting.ts";
import { courseOf, shareDone, stepsAhead } from "#src/realtime/workflow/steps-ahead.ts";
import { begin, completed, failed, out, text } from "../../../support/engine.ts";
import { plan } from "../../../support/plans.ts";

const begunOf = ({ steps }: RunState) =>
  new Map(Object.values(steps).map(({ name, status }): [string, StepStatus] => [name, status]));

const name = (index: number) => `s${index}`;

/** Plans without circles, whose steps lead to later ones in every way that there is. */
const plans = fc
  .array(
    fc.record({
      isPause: fc.boolean(),
      waits: fc.array(fc.nat(3), { maxLength: 2 }),
      next: fc.option(fc.integer({ min: 1, max: 3 })),
      onError: fc.option(fc.oneof(fc.constant("continue" as const), fc.integer({ min: 1, max: 3 }))),
      isSkipped: fc.boolean(),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .map((specs) => {
    const later = (index: number, by: number) => name(Math.min(index + by, specs.length - 1));
    const steps = specs.map(({ isPause, waits, next, onError, isSkipped }, index) => {
      const isLast = index === specs.length - 1;
      const dependencies = [...new Set(waits.map((back) => index - 1 - back))].filter((back) => back >= 0);
      return [
        name(index),
        {
          ...(isPause ? { action: "pause_for_human_input" } : text()),
          ...(dependencies.length > 0 && { dependencies: dependencies.map(name) }),
          ...(next !== null && !isLast && { next_step: later(index, next) }),
          ...(onError === "continue" && { on_error: onError }),
          ...(typeof onError === "number" && !isLast && { on_error: later(index, onError) }),
          ...(isSkipped && index > 0 && { when: "false" }),
        },
      ] as const;
    });
    return plan(name(0), Object.fromEntries(steps));
  });

/** What may happen next; undefined when nothing may. */
function eventOf(run: RunState, choice: number, succeeds: boolean): RunEvent | undefined {
  const events: RunEvent[] = [
    ...out(run).map((task) => (succeeds ? completed(task) : failed(task))),
    ...pausesOf(run).map(
      ({ name: step }): RunEvent => ({
        type: "answered",
        approved: succeeds,
        userId: "u",
        step,
      }),
    ),
  ];
  return events[choice % Math.max(1, events.length)];
}

describe("Of a plan and what has begun of it", () => {
  it("what begins was ahead before, and the share that is done never falls: all of it when a run has completed", () => {
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.tuple(fc.nat(6), fc.nat(4))), (someplan, choices) => {
        const course = courseOf(someplan);
        let run = begin(someplan);
        let share = 0;
        for (const [choice, luck] of choices) {
          const before = begunOf(run);
          const ahead = stepsAhead(course, before);
          const now = shareDone(course, before);
          expect(now).toBeGreaterThanOrEqual(share);
          expect(now).toBeLessThanOrEqual(1);
          share = now;
          const event = eventOf(run, choice, luck > 0);
          if (isFinished(run) || !event) break;
          run = advance(run, event, 1000).state;
          for (const step of Object.keys(run.steps)) expect(before.has(step) || ahead.has(step)).toBe(true);
        }
        expect(isFinished(run)).toBe(true);
        if (run.status === "completed") expect(share).toBe(1);
      }),
      { numRuns: 500 },
    );
  });

  it("a branch that is not taken counts no longer", () => {
    const course = courseOf(
      plan("try", {
        try: text({ on_error: "mend", next_step: "use" }),
        mend: text({ next_step: "report" }),
        report: text(),
        use: text(),
      }),
    );
    const share = (...begun: [string, StepStatus][]) => shareDone(course, new Map(begun));
    expect(share()).toBe(0);
    expect([...stepsAhead(course, new Map([["try", "running"]]))]).toEqual(["mend", "report", "use"]);
    expect(share(["try", "completed"])).toBe(1 / 2);
    expect(share(["try", "failed"])).toBe(1 / 3);
    expect(share(["try", "failed"], ["mend", "completed"], ["report", "running"])).toBe(2 / 3);
    expect(share(["try", "cancelled"])).toBe(1);
  });

  it("what only undoes something, or nothing leads to, is none of it", () => {
    const course = courseOf(
      plan("book", { book: text({ compensate: "cancel" }), cancel: text(), forgotten: text() }),
    );
    expect(shareDone(course, new Map([["book", "completed"]]))).toBe(1);
  });

  it("steps that go in a circle, as no plan may, are looked at once", () => {
    const course = courseOf(plan("a", { a: text({ next_step: "b" }), b: text({ next_step: "a" }) }));
    expect(stepsAhead(course, new Map())).toContain("a");
  });
});
