import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import {
  checkTemplate,
  holds,
  listOf,
  parseExpression,
  render,
} from "#src/engine/expressions/expressions.ts";
import { limits } from "#src/engine/limits.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { planSchema } from "#src/engine/plans/plan.ts";
import { validatePlan } from "#src/engine/plans/validate-plan.ts";
import { newRun } from "#src/engine/run-state.ts";
import { plan, startRequest } from "../../support/plans.ts";

const longList = Array.from({ length: 20_000 }, (_, index) => index);
const longText = "y".repeat(200_000);
const scope = {
  input: { topic: "tea", count: 3, tags: ["a", "b"], nested: { deep: [1, { x: 2 }] }, longList, longText },
  steps: { write: { output: { text: "T", score: 0.5 }, status: "completed", error: null, errors: [] } },
  data: { human_feedback: "Go" },
};

describe("Templates", () => {
  it.each([
    ["{{input.topic}}", "tea"],
    ["About {{ input.topic }} ({{ steps.write.output.score }})", "About tea (0.5)"],
    ["{{input.count}}", 3],
    ["{{input.nested}}", { deep: [1, { x: 2 }] }],
    ["See {{input.nested}}", 'See {"deep":[1,{"x":2}]}'],
    ["{{ input.tags | join: '-' }}", "a-b"],
    ["{% for tag in input.tags %}[{{tag}}]{% endfor %}", "[a][b]"],
    ["{{ input.nothing | default: nil }}", null],
    ["{{ 1 | divided_by: 0 }}", null],
    ["{{ '2026-03-01T12:00:00Z' | date: '%H:%M' }}", "12:00"],
    ["no template", "no template"],
  ])("%s gives %j", (template, expected) => {
    expect(render(template, scope)).toEqual(expected);
  });

  it("are rendered in every part of lists and objects", () => {
    const rendered = render({ a: ["{{input.topic}}", { b: "{{input.count}}" }], c: 1 }, scope);
    expect(rendered).toEqual({ a: ["tea", { b: 3 }], c: 1 });
  });

  it.each([
    ["what is not there", "{{input.nothing}}", /undefined variable/],
    ["unknown filters", "{{ input.topic | nothing }}", /undefined filter/],
    ["the present", "{{ 'now' | date: '%Y' }}", /what time it is/],
    ["chance", "{{ input.tags | sample }}", /undefined filter/],
    ["files", "{% include 'x' %}", /not found/],
    [
      "loops in loops",
      "{% for a in input.tags %}{% for b in input.tags %}x{% endfor %}{% endfor %}",
      /nested/,
    ],
    [
      "loops hidden in a liquid tag",
      "{% liquid\nfor a in input.tags\nfor b in input.tags\necho a\nendfor\nendfor %}",
      /nested/,
    ],
    ["loops by another name", "{{ input.tags | where_exp: 'x', 'x == 1' }}", /undefined filter/],
    ["endless ranges", "{% for i in (1..1000000000) %}x{% endfor %}", /limit exceeded/],
    [
      "work that grows with the square",
      "{% for i in input.longList %}{{ input.longList | sort | size }}{% endfor %}",
      /takes too long/,
    ],
    [
      "searches in each turn",
      "{% for i in input.longList %}{% if input.longList contains i %}x{% endif %}{% endfor %}",
      /limit exceeded/,
    ],
    [
      "texts that grow",
      "{% for i in (1..99) %}{% assign input = input.longText | append: input.longText %}{% endfor %}",
      /limit|undefined/,
    ],
    [
      "many turns of much",
      `{% for i in input.longList %}${"{{i}}".repeat(20)}{% endfor %}`,
      /takes too long/,
    ],
    ["what is no value", "{{ input.topic", /not closed/],
  ])("refuse %s", (_, template, message) => {
    expect(() => {
      checkTemplate(template);
      render(template, scope);
    }).toThrow(message);
  });

  it("leave the data as it is", () => {
    const before = JSON.stringify(scope);
    render("{% increment input %}{% assign steps = 1 %}{% capture data %}x{% endcapture %}", scope);
    expect(JSON.stringify(scope)).toBe(before);
    expect(render("{{input.topic}}", scope)).toBe("tea");
  });
});

describe("Conditions and lists", () => {
  it.each([
    ["input.count + 1", 4],
    ["input.count > 2 && input.topic == 'tea'", true],
    ["input.tags.filter(tag, tag != 'a')", ["b"]],
    ["input.tags.map(tag, {'name': tag})", [{ name: "a" }, { name: "b" }]],
    ["input.longList.filter(x, x > 19997)", [19_998, 19_999]],
    ["has(input.nothing)", false],
    ["'human_feedback' in data", true],
    ["timestamp('2026-03-01T00:00:00Z')", "2026-03-01T00:00:00.000Z"],
    ["1.0 / 0.0", null],
  ])("%s gives %j", (expression, expected) => {
    expect(parseExpression(expression)(scope)).toEqual(expected);
  });

  it.each([
    ["what is not there", "input.nothing > 1", /No such key/],
    ["unknown names", "process.env", /Unknown variable/],
    ["regular expressions", "input.topic.matches('(a+)+')", /not available/],
    ["loops in loops", "input.tags.all(a, input.tags.all(b, true))", /nested/],
    ["names for values", "cel.bind(a, input.longList + input.longList, a + a)", /not available/],
    ["lists of lists", "input.longList.map(x, input.longList)", /too much/],
    ["texts of texts", "input.longList.map(x, input.longText)", /too much/],
    ["searches in each turn", "input.longList.filter(x, x in input.longList)", /too large/],
    ["comparisons in each turn", "input.longList.filter(x, input.longList == input.longList)", /too large/],
    ["sums of sums", `size(${Array(120).fill("input.longList").join("+")}) > 0`, /too large/],
    ["depth", `${"(".repeat(400)}1${")".repeat(400)}`, /maxDepth/],
    ["values that JSON does not have", "b'abc'", /JSON/],
    ["nonsense", "input.", /./],
  ])("refuse %s", (_, expression, message) => {
    expect(() => parseExpression(expression)(scope)).toThrow(message);
  });

  it("refuse a condition that is not true or false, and a for_each that gives no list", () => {
    expect(() => holds("input.count", scope)).toThrow("not a boolean");
    expect(() => listOf("input.count", scope)).toThrow("list");
  });
});

/** Names that objects, lists, texts and functions have without being given them. */
const inherited = [
  "constructor",
  "prototype",
  "__proto__",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "at",
  "call",
];

describe("Nothing but the data can be reached", () => {
  it.each(["input", "input.tags", "input.topic", "input.count", "steps", "steps.write.output", "data"])(
    "through %s by a name that it inherits",
    (path) => {
      for (const name of inherited) {
        for (const template of [
          `{{ ${path}.${name} }}`,
          `{{ ${path}["${name}"] }}`,
          `x{{ ${path}.${name} }}`,
        ])
          expect(() => render(template, scope), template).toThrow();
        for (const expression of [`${path}.${name}`, `${path}['${name}']`, name])
          expect(() => parseExpression(expression)(scope), expression).toThrow();
      }
    },
  );
});

const fragment = fc.constantFrom(
  ..."input steps data . topic tags longList [ ] ( ) 'a' 1 0 -1 2.5 true null + - * / % == != < in && || ! ? : , map filter all size has x { } {{ }} {% for endfor if endif assign = %} | join split first last sort reverse json default date append raw".split(
    " ",
  ),
);
const nonsense = fc.array(fragment, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(" "));

describe("Whatever is written", () => {
  it("an expression throws an Error or gives what JSON can hold", () => {
    const isJson = (value: unknown) =>
      expect(JSON.parse(JSON.stringify(value ?? null))).toEqual(value ?? null);
    const attempt = (evaluate: () => unknown) => {
      let value: unknown;
      try {
        value = evaluate();
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        return;
      }
      isJson(value);
    };
    fc.assert(
      fc.property(nonsense, (text) => {
        attempt(() => parseExpression(text)(scope));
        attempt(() => render(text, scope));
        attempt(() => render(`{{ ${text} }}`, scope));
      }),
      { numRuns: 100 },
    );
  });

  it("the engine takes it as a failed step, and throws nothing", () => {
    fc.assert(
      fc.property(nonsense, nonsense, nonsense, (when, forEach, template) => {
        const workflow: Plan = plan("a", {
          a: { action: "ai_text_generate", when, next_step: "b", on_error: "continue" },
          b: { action: "web_search", for_each: forEach, input: { q: template }, on_error: "continue" },
        });
        const { idempotency: _, ...header } = startRequest("tenant", { plan: workflow });
        const run = newRun({ ...header, id: "run", createdAt: 0, parent: null });
        expect(advance(run, { type: "start" }, 0).applied).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("a task's output that is nested without end fails the task", () => {
    const { idempotency: _, ...header } = startRequest("tenant", {
      plan: plan("a", { a: { action: "ai_text_generate" } }),
    });
    const run = newRun({ ...header, id: "run", createdAt: 0, parent: null });
    const output: Record<string, unknown> = {};
    output.self = output;
    const usage = { tokensIn: 0, tokensOut: 0, costMicros: 0, durationMs: 0 };
    const begun = advance(run, { type: "start" }, 0).state;
    const result = { output, usage };
    const event = { type: "task_completed", taskId: "run.a.main", attempt: 1, result } as const;
    expect(advance(begun, event, 0).state).toMatchObject({
      status: "failed",
      error: { code: "PAYLOAD_TOO_LARGE" },
    });
  });
});

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
