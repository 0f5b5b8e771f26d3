import { describe, expect, it } from "vitest";
import { viewOf } from "#src/objects/run-projection.ts";
import { apply, begin, completed, failed, out, text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";

const topic = "system.adapter.web.search";
const continuing = { on_error: "continue", next_step: "end" } as const;
const end = {
  action: "complete_workflow",
  input: { all: "{{steps.s.output}}", lost: "{{steps.s.errors}}", count: "{{steps.s.errors.size}}" },
} as const;
const loop = plan("s", {
  s: text({ for_each: "input.list", input: { prompt: "{{item.x}}" }, ...continuing }),
  end,
});
const boom = (details: object) => ({ code: "BOOM", message: "It broke", details });

describe("With on_error: continue", () => {
  it("one bad item leaves the others: the list keeps its order, and the errors stand beside it", () => {
    const started = begin(loop, { input: { list: [{ x: 1 }, { x: 2 }, { x: 3 }] } });
    const without = apply(started, failed("run.s.1"));
    expect(out(without)).toEqual(["run.s.0", "run.s.2"]);
    const run = apply(without, completed("run.s.2"), completed("run.s.0"));
    const all = [{ text: "run.s.0" }, null, { text: "run.s.2" }];
    const lost = [{ index: 1, error: boom({ step: "s", task: "1" }) }];
    expect(run).toMatchObject({
      status: "completed",
      result: { all, lost, count: 1 },
      fuel: { reserved: 0, spent: 20 },
    });
    expect(viewOf(run)).toMatchObject({
      data: { s: all },
      steps: [{ status: "completed", error: null, output: all, errors: lost }, { errors: [] }],
    });
  });

  it("an item whose template fails is lost alone, and costs nothing", () => {
    const started = begin(loop, { input: { list: [{ x: 1 }, {}, { x: 3 }] } });
    expect(started.fuel).toMatchObject({ reserved: 20 });
    const run = apply(started, completed("run.s.0"), completed("run.s.2"));
    expect(run.result).toMatchObject({
      all: [{ text: "run.s.0" }, null, { text: "run.s.2" }],
      lost: [{ index: 1, error: { code: "WORKFLOW_EXPRESSION", details: { step: "s", task: "1" } } }],
    });
  });

  it("an item that is too large is lost alone", () => {
    const started = begin(loop, { input: { list: [{ x: "x".repeat(1_100_000) }, { x: 2 }] } });
    const run = apply(started, completed("run.s.1"));
    expect(run.result).toMatchObject({
      all: [null, {}],
      lost: [{ index: 0, error: { code: "PAYLOAD_TOO_LARGE" } }],
    });
  });

  it("a sub-task that fails leaves the others, and is told by its name", () => {
    const fan = plan("s", {
      s: {
        action: "fan_out",
        sub_tasks: [
          { step_name: "good", topic, input: { query: "tea" } },
          { step_name: "bad", topic, input: { query: "coffee" } },
          { step_name: "odd", topic, input: { query: "{{input.nothing}}" } },
        ],
        ...continuing,
      },
      end,
    });
    const run = apply(begin(fan), failed("run.s.bad"), completed("run.s.good"));
    expect(run).toMatchObject({
      status: "completed",
      result: {
        all: { good: { text: "run.s.good" }, bad: null, odd: null },
        lost: [
          { name: "bad", error: { code: "BOOM" } },
          { name: "odd", error: { code: "WORKFLOW_EXPRESSION" } },
        ],
      },
    });
  });

  it("a step of which nothing could be done has failed, and the run goes on", () => {
    const started = begin(loop, { input: { list: [{ x: 1 }, {}] } });
    const run = apply(started, failed("run.s.0"));
    expect(run).toMatchObject({ status: "completed", result: { all: [null, null], count: 2 } });
    expect(run.steps.s).toMatchObject({ status: "failed", passed: true, error: { code: "BOOM" } });
    expect(apply(begin(loop, { input: { list: [{}, {}] } })).steps.s).toMatchObject({ status: "failed" });
  });

  it("tasks that wait for their turn are done after one has failed", () => {
    const one = plan("s", {
      s: text({ for_each: "input.list", max_parallel: 1, input: { prompt: "{{item}}" }, ...continuing }),
      end,
    });
    const run = apply(begin(one, { input: { list: [1, 2] } }), failed("run.s.0"));
    expect(out(run)).toEqual(["run.s.1"]);
    expect(apply(run, completed("run.s.1")).status).toBe("completed");
  });

  it("a retry comes before an item is given up", () => {
    const again = plan("s", {
      s: text({ for_each: "[1]", retry: { max_attempts: 2 }, input: { prompt: "{{item}}" }, ...continuing }),
      end,
    });
    const run = apply(begin(again), failed("run.s.0", true));
    expect(run.tasks["run.s.0"]).toMatchObject({ status: "waiting", attempt: 2 });
  });
});

it("Without it, one bad item fails its step", () => {
  const strict = plan("s", { s: text({ for_each: "[1, 2]", input: { prompt: "{{item}}" } }) });
  expect(apply(begin(strict), failed("run.s.1"))).toMatchObject({
    status: "failed",
    error: { code: "BOOM" },
  });
});
