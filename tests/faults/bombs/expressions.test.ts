import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import { ExpressionBudget } from "#src/engine/expressions/expression-budget.ts";
import {
  parseExpression,
  render,
  type Scope,
  stepsReadByTemplate,
} from "#src/engine/expressions/expressions.ts";
import { limits } from "#src/engine/limits.ts";
import { newRun } from "#src/engine/run-state.ts";
import { plan, startRequest } from "../../support/plans.ts";

const scopeWith = (input: Record<string, unknown>): Scope => ({ input, steps: {}, data: {} });
const text = "x".repeat(100_000);

describe("Reading a template for the steps it names", () => {
  it.each(["{{", "{%", "{{{%", "{{ steps.a ", "{% steps['a'] "])(
    "looks for the end of a tag that is not closed once: %j",
    (part) => {
      let looks = 0;
      const template = part.repeat(115_000);
      const { indexOf } = String.prototype;
      const counted = Object.assign(Object(template), {
        indexOf(...args: Parameters<typeof indexOf>) {
          looks++;
          return indexOf.apply(template, args);
        },
      });
      expect(stepsReadByTemplate(counted)).toEqual([]);
      expect(looks).toBeLessThanOrEqual(2);
    },
  );

  it("finds them in tags of either kind, also behind one that is not closed", () => {
    const template = "{{ steps.a.output }} steps.no {% if steps['b'].x %}{{ steps.c {% endif %}";
    expect(stepsReadByTemplate(template)).toEqual(["a", "b"]);
  });
});

describe("What a template gives is counted while it gives it", () => {
  it.each([
    ["values in a loop", "{% for i in (1..5000) %}{{ input.text }}{% endfor %}"],
    ["literal text in a loop", `{% for i in (1..5000) %}${text.substring(0, 90_000)}{% endfor %}`],
    [
      "what is only kept",
      "{% capture kept %}{% for i in (1..5000) %}{{ input.text }}{% endfor %}{% endcapture %}",
    ],
    ["values by echo", "{% liquid for i in (1..5000)\necho input.text\nendfor %}"],
  ])("%s", (_, template) => {
    expect(() => render(template, scopeWith({ text }))).toThrow("gives too much");
  });

  it("together with all others of the step", () => {
    const many = Array(1000).fill(" {{ input.text }}");
    const budget = new ExpressionBudget();
    expect(() => render(many, scopeWith({ text }), budget)).toThrow("too much at once");
    const values = Array(1000).fill("{{ input.text }}");
    expect(() => render(values, scopeWith({ text }))).toThrow("too much at once");
  });

  it("but as much as the inputs of a run may hold is given", () => {
    const many = Array(limits.runInputBytes / 131_072).fill("{{ input.text }}");
    expect(render(many, scopeWith({ text: "x".repeat(131_000) }))).toHaveLength(many.length);
  });
});

describe("What the expressions of a run do in one go is bounded", () => {
  const nine = Array.from({ length: 9 }, () => "{% for i in (1..49000) %}{% assign x = i %}{% endfor %}");
  const begun = (onError?: string) => {
    const steps = {
      a: { action: "web_search", input: { nine }, ...(onError && { on_error: onError }) },
    };
    const { idempotency: _, ...header } = startRequest("tenant", { plan: plan("a", steps), fuelBudget: 100 });
    return advance(newRun({ ...header, id: "run", createdAt: 0, parent: null }), { type: "start" }, 0).state;
  };

  it("and what fails after much work has cost fuel", () => {
    const run = begun();
    expect(run.error?.message).toContain("too long at once");
    expect(run.expressionWork).toBeLessThan(16_000_000);
    expect(run.fuel).toMatchObject({ reserved: 0, spent: 15 });
    expect(run.steps.a?.fuel).toBe(15);
  });

  it.each(["sort", "sort_natural", "uniq"])(
    "filters that compare items with each other look at each many times: %s",
    (filter) => {
      const list = Array.from({ length: 20_000 }, (_, n) => `${(n * 7919) % 20_011}`);
      const many = Array(200).fill(`{{ input.list | ${filter} | size }}`);
      expect(() => render(many, scopeWith({ list }))).toThrow("too long at once");
    },
  );

  it.each(["size(input.list) > 0", "input.list.exists(x, x == 1)"])("conditions too: %s", (condition) => {
    const list = Array.from({ length: 1000 }, (_, n) => n);
    const budget = new ExpressionBudget();
    expect(parseExpression(condition)(scopeWith({ list }), budget)).toBe(true);
    expect(budget.spent).toBeLessThan(100_000);
  });
});
