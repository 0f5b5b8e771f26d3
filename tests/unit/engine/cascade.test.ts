import { describe, expect, it } from "vitest";
import type { Plan } from "#src/engine/plans/plan.ts";
import { apply, begin, completed, failed, out, statuses, text } from "../../support/engine.ts";
import { plan } from "../../support/plans.ts";

type Steps = Parameters<typeof plan>[1];

const permutations = <T>(things: readonly T[]): T[][] =>
  things.length < 2
    ? [[...things]]
    : things.flatMap((thing, index) =>
        permutations([...things.slice(0, index), ...things.slice(index + 1)]).map((rest) => [thing, ...rest]),
      );

/** The same plan with its keys in every order. */
const inEveryOrder = (start: string, steps: Steps): Plan[] =>
  permutations(Object.entries(steps)).map((entries) => plan(start, Object.fromEntries(entries)));

const never = { when: "input.topic == 'coffee'" };
const behind = (...dependencies: string[]) => ({ dependencies });
const fails = { input: { prompt: "{{input.nothing}}" } };
const end = { action: "complete_workflow" };

describe("A branch that is over at once does not end the run before its siblings begin, whatever the order of keys:", () => {
  it("a choice between two branches takes the other one, and the step that joins them", () => {
    const steps = {
      s: text(),
      yes: text({ ...never, ...behind("s") }),
      no: text({ when: "input.topic != 'coffee'", ...behind("s") }),
      j: { ...end, ...behind("yes", "no"), input: { text: "{{steps.no.output.text}}" } },
    };
    for (const workflow of inEveryOrder("s", steps)) {
      const run = apply(begin(workflow), completed("run.s.main"), completed("run.no.main", { text: "No" }));
      expect(statuses(run)).toEqual({ s: "completed", no: "completed", yes: "skipped", j: "completed" });
      expect(run).toMatchObject({ status: "completed", result: { text: "No" } });
    }
  });

  it.each<[string, object]>([
    ["a step that is skipped", never],
    ["a list without items", { for_each: "[]" }],
    ["an error that is passed over", { on_error: "continue", ...fails }],
  ])("beside %s", (_, over) => {
    for (const workflow of inEveryOrder("s", {
      s: text(),
      over: text({ ...over, ...behind("s") }),
      ask: { action: "pause_for_human_input", ...behind("s") },
      write: text(behind("s")),
    })) {
      const run = apply(begin(workflow), completed("run.s.main"));
      expect(statuses(run)).toMatchObject({ ask: "paused", write: "running" });
      expect(run.status).toBe("paused");
    }
  });

  it("beside a step whose on_error step is skipped, or still waits for another", () => {
    for (const workflow of inEveryOrder("s", {
      s: text(),
      over: text({ on_error: "rescue", ...fails, ...behind("s") }),
      rescue: text(behind("write")),
      write: text(behind("s")),
    })) {
      const run = apply(begin(workflow), completed("run.s.main"));
      expect(out(run)).toEqual(["run.write.main"]);
      expect(out(apply(run, completed("run.write.main")))).toEqual(["run.rescue.main"]);
    }
  });

  it("when the branch that ended led on to nothing, and the others are led to by next_step", () => {
    for (const workflow of inEveryOrder("s", {
      s: text({ next_step: "on" }),
      on: text(),
      over: text({ ...never, ...behind("s") }),
    })) {
      expect(out(apply(begin(workflow), completed("run.s.main")))).toEqual(["run.on.main"]);
    }
  });
});

describe("The order of keys means nothing:", () => {
  it("what becomes ready together begins together, in the order of names", () => {
    for (const workflow of inEveryOrder("s", {
      s: text(),
      c: text(behind("s")),
      a: text(behind("s")),
      b: text(behind("s")),
    })) {
      const run = apply(begin(workflow), completed("run.s.main"));
      expect(out(run)).toEqual(["run.a.main", "run.b.main", "run.c.main"]);
    }
  });

  it("what becomes ready first begins first, whatever it is called", () => {
    const steps = {
      s: text(),
      z: text(behind("s")),
      skip: text({ ...never, ...behind("s"), next_step: "a" }),
      a: text(),
    };
    for (const workflow of inEveryOrder("s", steps))
      expect(out(apply(begin(workflow), completed("run.s.main")))).toEqual(["run.z.main", "run.a.main"]);
  });

  it("steps beside a completion begin, and are cancelled with it", () => {
    for (const workflow of inEveryOrder("s", {
      s: text(),
      done: { ...end, ...behind("s") },
      write: text(behind("s")),
    })) {
      const run = apply(begin(workflow), completed("run.s.main", { text: "S" }));
      expect(run).toMatchObject({
        status: "completed",
        result: { s: { text: "S" } },
        fuel: { reserved: 0, spent: 10 },
      });
      expect(statuses(run)).toEqual({ s: "completed", write: "cancelled", done: "completed" });
    }
  });

  it("a step beside a completion that fails at once fails the run, and one that is passed over does not", () => {
    for (const onError of [{}, { on_error: "continue" }]) {
      const steps = {
        s: text(),
        done: { ...end, ...behind("s") },
        bad: text({ ...fails, ...onError, ...behind("s") }),
      };
      for (const workflow of inEveryOrder("s", steps)) {
        const run = apply(begin(workflow), completed("run.s.main"));
        expect(run.status).toBe("on_error" in onError ? "completed" : "failed");
        expect(statuses(run)).toMatchObject({ bad: "failed" });
      }
    }
  });

  it("a completion sees all that was over at once beside it", () => {
    const steps = {
      s: text(),
      done: { ...end, ...behind("s") },
      each: text({ for_each: "[]", ...behind("s") }),
    };
    for (const workflow of inEveryOrder("s", steps))
      expect(apply(begin(workflow), completed("run.s.main", {})).result).toEqual({ s: {}, each: [] });
  });

  it("of two completions the first by name ends the run, unless it is skipped", () => {
    const ends = (skipped: object) =>
      inEveryOrder("s", {
        s: text(),
        one: { ...end, ...skipped, ...behind("s"), input: { by: "one" } },
        two: { ...end, ...behind("s"), input: { by: "two" } },
      }).map((workflow) => apply(begin(workflow), completed("run.s.main")).result);
    expect(new Set(ends({}).map((result) => JSON.stringify(result)))).toEqual(new Set(['{"by":"one"}']));
    expect(new Set(ends(never).map((result) => JSON.stringify(result)))).toEqual(new Set(['{"by":"two"}']));
  });

  it("fuel that does not suffice for all fails the run at the same step", () => {
    const steps = { s: text(), b: { action: "ai_image_generate", ...behind("s") }, a: text(behind("s")) };
    for (const workflow of inEveryOrder("s", steps)) {
      const run = apply(begin(workflow, { fuelBudget: 50 }), completed("run.s.main"));
      expect(statuses(run)).toEqual({ s: "completed", a: "cancelled", b: "failed" });
      expect(run.error).toMatchObject({
        code: "INSUFFICIENT_FUEL",
        details: { required: 40, available: 30 },
      });
    }
  });

  it("of several errors the first wins: by wave, and in a wave by name", () => {
    const bad = (name: string, more: object) => text({ input: { prompt: `{{input.${name}}}` }, ...more });
    for (const workflow of inEveryOrder("s", {
      s: text(),
      y: bad("y", behind("s")),
      x: text({ ...never, ...behind("s"), next_step: "a" }),
      a: bad("a", {}),
    })) {
      const run = apply(begin(workflow), completed("run.s.main"));
      expect(run.error?.message).toContain("Step y");
      expect(Object.keys(run.steps)).toEqual(["s", "x", "y"]);
    }
  });

  it("of several failed steps that nothing deals with, the error of the one that ended first wins", () => {
    for (const workflow of inEveryOrder("s", {
      s: text(),
      a: text({ ...behind("s"), on_error: "rescue" }),
      b: text({ ...behind("s"), on_error: "rescue" }),
      late: text(behind("a", "b")),
      rescue: text(behind("late")),
    })) {
      const run = apply(begin(workflow), completed("run.s.main"), failed("run.b.main"), failed("run.a.main"));
      expect(run).toMatchObject({ status: "failed", error: { code: "BOOM", details: { step: "b" } } });
    }
  });
});

describe("An on_error step that also depends on the step that fails", () => {
  const steps = {
    s: text(),
    risky: text({ ...behind("s"), on_error: "rescue" }),
    other: text(behind("s")),
    rescue: text(behind("risky", "other")),
    never: text(behind("risky")),
  };

  it("is where the run goes, once all else that it depends on has passed", () => {
    const run = apply(begin(plan("s", steps)), completed("run.s.main"));
    for (const events of [
      [failed("run.risky.main"), completed("run.other.main")],
      [completed("run.other.main"), failed("run.risky.main")],
    ]) {
      const rescued = apply(run, ...events);
      expect(out(rescued)).toEqual(["run.rescue.main"]);
      expect(apply(rescued, completed("run.rescue.main"))).toMatchObject({
        status: "completed",
        error: null,
      });
      expect(Object.keys(rescued.steps)).not.toContain("never");
    }
  });

  it("begins as well when that step completes, as every step that depends on it", () => {
    const run = apply(begin(plan("s", steps)), completed("run.s.main"));
    expect(out(apply(run, completed("run.risky.main"), completed("run.other.main")))).toEqual([
      "run.never.main",
      "run.rescue.main",
    ]);
  });
});
