import { describe, expect, it } from "vitest";
import { limits } from "#src/engine/limits.ts";
import { planSchema } from "#src/engine/plans/plan.ts";
import { validatePlan } from "#src/engine/plans/validate-plan.ts";
import { plan } from "#tests/support/plans.ts";

describe("The validation reports", () => {
  const problems = (steps: Parameters<typeof plan>[1]) =>
    validatePlan(plan(Object.keys(steps)[0] ?? "", steps), { config: {}, isRoutable: () => true }).errors.map(
      ({ path, message }) => `${path}: ${message.split("\n")[0]}`,
    );

  it("malformed and impossible conditions, and steps read before they can have run", () => {
    expect(
      problems({
        a: { action: "web_search", when: "input.", next_step: "b" },
        b: { action: "web_search", for_each: "steps.c.output", when: "true", next_step: "c" },
        c: { action: "web_search", for_each: "input.x.map(y, input.x.map(z, y))" },
      }),
    ).toEqual([
      expect.stringMatching(/^steps\.a\.when: /),
      "steps.b.for_each: Step c cannot have run before",
      "steps.c.for_each: Functions over lists may not be nested",
    ]);
  });

  it("a start step that waits for others, and one that undoes itself", () => {
    expect(
      problems({
        a: { action: "web_search", dependencies: ["b"], compensate: "a" },
        b: { action: "web_search" },
      }),
    ).toEqual([
      "steps.a.dependencies: The start step cannot wait for others",
      "steps.a.compensate: A step cannot undo itself",
    ]);
  });

  it("sub-tasks and items of what steers the run and is no task", () => {
    const topic = "system.agent.generic.process";
    const sub_tasks = ["pause_for_human_input", "complete_workflow", "fan_out", "summarize"].map(
      (action, index) => ({ step_name: `t${index}`, topic, action }),
    );
    expect(problems({ a: { action: "fan_out", for_each: "input.items", sub_tasks } })).toEqual([
      "steps.a.for_each: fan_out has no tasks that items could be given to",
      "steps.a.sub_tasks.0.action: No task can do pause_for_human_input",
      "steps.a.sub_tasks.1.action: No task can do complete_workflow",
      "steps.a.sub_tasks.2.action: No task can do fan_out",
    ]);
  });

  it("a step that is nowhere, also in what undoes another", () => {
    expect(
      problems({
        a: { action: "web_search", compensate: "undo", next_step: "b" },
        b: { action: "web_search" },
        undo: { action: "web_search", input: { query: "{{steps.b.output}} {{steps.c.output}}" } },
      }),
    ).toEqual(["steps.undo.input: Step c cannot have run before"]);
  });

  it("in a condition, a name whose hyphen is a minus there", () => {
    const second = (when: string) =>
      problems({ "a-1": { action: "web_search", next_step: "b" }, b: { action: "web_search", when } });
    expect(second("steps.a-1.status == 'completed'")).toContain(
      "steps.b.when: Step a cannot have run before",
    );
    expect(second("steps['a-1'].status == 'completed'")).toEqual([]);
  });

  it("no words that only look like a step", () => {
    const prompt = "Save it as steps.md. Name the next steps.Then stop, and mind {{input.topic}}";
    expect(problems({ a: { action: "ai_text_generate", input: { prompt } } })).toEqual([]);
  });

  it("what is wrong with the largest plan as soon as with a small one", () => {
    const names = Array.from({ length: limits.steps }, (_, index) => `s${index}`);
    const steps = Object.fromEntries(
      names.map((name, index) => {
        const when = index === 7 ? "steps.s8.status == ''" : "true";
        return [name, { action: "web_search", when, next_step: names[index + 1] }];
      }),
    );
    const begun = Date.now();
    expect(problems(steps)).toEqual(["steps.s7.when: Step s8 cannot have run before"]);
    expect(Date.now() - begun).toBeLessThan(2000);
  });

  it("too many steps, and then nothing else", () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => [`s${index}`, { action: "dance" }] as const);
    expect(problems(Object.fromEntries(steps))).toEqual(["steps: At most 200 steps"]);
  });

  it("how much fuel a plan takes, by the model that its agents have", () => {
    const steps = { a: { action: "draft", topic: "system.tasks.novelist" } };
    const agents = {
      novelist: { category: "data-driven" as const, defaultConfig: { model: "claude-opus-5-5" } },
    };
    const textFuel = { "claude-opus-5-5": 50, "claude-haiku-5-5": 10 };
    const estimate = (config: Record<string, unknown>) =>
      validatePlan(plan("a", steps), { config, agents, textFuel, isRoutable: () => true }).metrics
        .estimated_fuel;
    expect(estimate({})).toBe(50);
    expect(estimate({ model: "claude-haiku-5-5" })).toBe(10);
    steps.a.topic = "system.tasks.constructor";
    expect(estimate({})).toBe(25);
  });

  it("two sub-tasks of one name, and inputs nested too deep", () => {
    let deep: unknown = "x";
    for (let depth = 0; depth < 10_000; depth++) deep = [deep];
    const task = { step_name: "t", topic: "system.adapter.web.search" };
    expect(problems({ a: { action: "fan_out", sub_tasks: [task, task], input: { deep } } })).toEqual([
      "steps.a.sub_tasks.1.step_name: Another sub-task has this name",
      "steps.a.input: Nested more than 64 deep",
    ]);
  });

  it.each(["constructor", "toString", "hasOwnProperty"])(
    "no step may be called %s, which every object has",
    (name) => {
      const step = { action: "web_search", description: "" };
      expect(planSchema.safeParse({ start_step: name, steps: { [name]: step } }).success).toBe(false);
      expect(
        validatePlan(plan("a", { a: { ...step, on_error: name } }), { config: {}, isRoutable: () => true })
          .valid,
      ).toBe(false);
    },
  );
});
