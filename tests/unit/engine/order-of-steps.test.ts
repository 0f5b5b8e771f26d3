import { describe, expect, it } from "vitest";
import { apply, begin, completed, out, statuses, text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";
import { diamond, fan } from "./example-plans.ts";

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
