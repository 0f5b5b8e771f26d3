import { describe, expect, it } from "vitest";
import { holds, parseExpression, render } from "#src/engine/expressions/expressions.ts";
import { validatePlan } from "#src/engine/plans/validate-plan.ts";
import { plan } from "#tests/support/plans.ts";

type Steps = Parameters<typeof plan>[1];

const problems = (steps: Steps) =>
  validatePlan(plan("a", steps), { config: {}, isRoutable: () => true }).errors.map(
    ({ path, message }) => `${path}: ${message}`,
  );
const text = { action: "ai_text_generate" };
const topic = "system.adapter.web.search";
const scope = {
  input: { n: 3, zero: 0, items: [5, 6, 7.5], text: "a" },
  steps: { a: { output: { text: "T" }, status: "completed", error: null, errors: [] } },
  data: {},
};

describe("A name", () => {
  it("belongs to one sub-task of a plan", () => {
    const fan = { action: "fan_out", sub_tasks: [{ step_name: "x", topic }] };
    expect(problems({ a: { ...fan, next_step: "b" }, b: fan })).toEqual([
      "steps.a.sub_tasks.0.step_name: A sub-task of b has this name",
      "steps.b.sub_tasks.0.step_name: A sub-task of a has this name",
    ]);
  });

  it("is not that of a step and of a sub-task", () => {
    const sub_tasks = [{ step_name: "b", topic }];
    expect(problems({ a: { action: "fan_out", sub_tasks, next_step: "b" }, b: text })).toEqual([
      "steps.a.sub_tasks.0.step_name: A step has this name",
    ]);
  });
});

describe("A value that is one expression keeps its type", () => {
  it.each([
    ["{{- input.n -}}", 3],
    [" {{-input.n-}} ", 3],
    ["{{- input.items }}", [5, 6, 7.5]],
    ["{{ steps.a.output -}}", { text: "T" }],
    ["{{ -1 }}", -1],
    ["x {{- input.n -}} y", "x3y"],
  ])("%s", (template, expected) => {
    expect(render(template, scope)).toEqual(expected);
  });
});

describe("Conditions take JSON's numbers", () => {
  it.each([
    "input.n % 2 == 1",
    "7 % input.n == 1",
    "input.items[2] % input.n == 1.5",
    "size(input.items) % input.n == 0",
    "input.items.exists(item, item % 2 == 0)",
    "-input.n % 2 == -1",
  ])("%s", (condition) => {
    expect(holds(condition, scope)).toBe(true);
  });

  it("and have no remainder of nothing", () => {
    expect(() => holds("input.n % input.zero == 1", scope)).toThrow("modulo by zero");
  });

  it("and ask with has(...) whether something is there", () => {
    expect(holds("has(input.flag) && input.flag == true", scope)).toBe(false);
    expect(() => holds("input.flag == true", scope)).toThrow("No such key: flag");
    expect(parseExpression("has(input.n) ? input.n : 0")(scope)).toBe(3);
  });
});

describe("What can only fail is refused when it is saved", () => {
  it.each([
    ["inputs.x == 1", "Unknown variable: inputs; there are input, steps, data"],
    ["item > 1", "Unknown variable: item; there are input, steps, data"],
    ["1 + 'a' == 'b'", "no such overload: int + string"],
    ["nosuch(input.n)", "found no matching overload for 'nosuch(dyn)'"],
    ["'yes'", "It gives string, and a condition is wanted"],
    ["size(input.items)", "It gives int, and a condition is wanted"],
    ["steps.a.text == 'x'", "steps.a has no text, only output, status, error, errors: steps.a.output.text?"],
    [
      "steps['a'].text == 'x'",
      "steps.a has no text, only output, status, error, errors: steps.a.output.text?",
    ],
  ])("when: %s", (when, message) => {
    expect(problems({ a: { ...text, next_step: "b" }, b: { ...text, when } })).toEqual([
      `steps.b.when: ${message}`,
    ]);
  });

  it.each([
    ["5", "It gives int, and a list is wanted"],
    ["input.n == 1", "It gives bool, and a list is wanted"],
    ["{'a': 1}", "It gives map<string, int>, and a list is wanted"],
  ])("for_each: %s", (for_each, message) => {
    expect(problems({ a: { ...text, for_each } })).toEqual([`steps.a.for_each: ${message}`]);
  });

  it.each([
    ["{{inputs.topic}}", "There is no inputs to read, only input, steps, data"],
    ["{{item}}", "There is no item to read, only input, steps, data"],
    ["Hello {{ topic | upcase }}", "There is no topic to read, only input, steps, data"],
    ["{{steps.a.text}}", "steps.a has no text, only output, status, error, errors: steps.a.output.text?"],
  ])("input: %s", (prompt, message) => {
    expect(problems({ a: { ...text, next_step: "b" }, b: { ...text, input: { prompt } } })).toEqual([
      `steps.b.input: ${message}`,
    ]);
  });

  it.each<[string, Steps[string]]>([
    ["a condition on what may be missing", { ...text, when: "input.flag == true" }],
    ["a text that looks like a read", { ...text, when: "input.text == 'steps.a.text'" }],
    ["a question about what is missing", { ...text, when: "has(steps.a.text) || input.n > 1" }],
    ["errors of a step", { ...text, when: "size(steps.a.errors) == 0" }],
    ["a list that only the data tells", { ...text, for_each: "steps.a.output.list" }],
    ["a list made of one", { ...text, for_each: "input.items.map(x, x % 2)" }],
    ["item and index", { ...text, for_each: "[1]", input: { prompt: "{{item}} {{index}} {{- item -}}" } }],
    ["a default", { ...text, input: { prompt: "{{ topic | default: 'tea' }}" } }],
    ["what a branch writes", { ...text, input: { prompt: "{% if topic %}{{ topic }}{% endif %}" } }],
    ["what the template has assigned", { ...text, input: { prompt: "{% assign t = input.topic %}{{ t }}" } }],
    ["a step that only the data names", { ...text, input: { prompt: "{{ steps[input.name].text }}" } }],
  ])("but not %s", (_, b) => {
    expect(problems({ a: { ...text, next_step: "b" }, b })).toEqual([]);
  });
});

describe("A topic of the older system", () => {
  it.each([
    ["agents.reasoning.process", "system.agent.reasoning.process"],
    ["agents.generic.process", "system.agent.generic.process"],
    ["agents.web-search.process", "system.adapter.web.search"],
    ["agents.image-generator.process", "system.adapter.image.generate"],
    ["agents.researcher.process", "system.tasks.researcher"],
    ["system.tasks.researcher", "system.tasks.researcher"],
    ["workflow:agents", "workflow:agents"],
  ])("%s is %s", (older, ours) => {
    const { steps } = plan("a", {
      a: { action: "decide", topic: older, next_step: "b" },
      b: { action: "fan_out", sub_tasks: [{ step_name: "x", topic: older }] },
    });
    expect([steps.a?.topic, steps.b?.sub_tasks?.[0]?.topic]).toEqual([ours, ours]);
  });
});
