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
import type { Plan } from "#src/engine/plans/plan.ts";
import { newRun } from "#src/engine/run-state.ts";
import { plan, startRequest } from "#tests/support/plans.ts";

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
