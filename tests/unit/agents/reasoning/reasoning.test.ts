import { beforeEach, describe, expect, it } from "vitest";
import { closeBreakers } from "#tests/support/breakers.ts";
import { plan } from "#tests/support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "#tests/support/tasks.ts";

let tenants = 0;

/** Puts a question to the reasoning agent through its consumer and the sandbox. */
async function ask(
  input: Record<string, unknown>,
  { reasoning = {}, action = "reason" }: { reasoning?: Record<string, unknown>; action?: string } = {},
) {
  const step = { action, topic: "system.agent.reasoning.process", input };
  const { view, envelope } = await startedTask(`reasoning_${tenants++}`, plan("think", { think: step }), {
    reasoning,
  });
  const asked = sandboxBinding();
  await deliver("agents", [envelope("think")], asked);
  const run = await view();
  return { ...asked, run, output: run.steps[0]?.output, error: run.error };
}

const decision = {
  decision: "Which tea to serve",
  options: ["Green tea", "Black tea", { id: "mate", description: "From South America", price: 4 }],
  criteria: { factors: ["taste", "cost of purchase"], weights: { taste: 3, "cost of purchase": 1 } },
};

const scores = (score: number) => ({ taste: score, "cost of purchase": score });

beforeEach(closeBreakers);

describe("The general contract", () => {
  it.each([
    ["analyze", { subject: "Market entry for tea", aspects: ["competition"] }, "analysis"],
    ["reason", { scenario: "Sales of tea fall", question: "Why?", approach: "abductive" }, "reasoning"],
    ["decide", decision, "decision"],
    [
      "evaluate",
      { proposal: "Open a tea house", evaluation_criteria: ["feasibility", "risk"] },
      "evaluation",
    ],
  ] as const)("%s", async (action, data, reasoning_type) => {
    const { output } = await ask({ action, data });
    expect(output).toMatchObject({
      reasoning_type,
      conclusion: expect.any(String),
      reasoning_steps: expect.arrayContaining([expect.objectContaining({ step: 1 })]),
      confidence: expect.any(Number),
      assumptions: expect.any(Array),
      recommendations: expect.arrayContaining([expect.objectContaining({ priority: "high" })]),
    });
  });

  it("says how many steps it took, and how many options it scored", async () => {
    const decided = Object((await ask({ action: "decide", data: decision })).output);
    expect(decided.reasoning_depth).toBe(decided.reasoning_steps.length);
    expect(decided.options_evaluated).toBe(decided.options.length);
    const analysed = await ask({ action: "analyze", data: { subject: "Tea" } });
    expect(analysed.output).toMatchObject({ reasoning_depth: expect.any(Number), options_evaluated: 0 });
  });

  it("takes the action from the step and the data flat as well", async () => {
    const { output } = await ask({ subject: "Tea" }, { action: "analyze" });
    expect(output).toMatchObject({ reasoning_type: "analysis" });
  });

  it("totals are computed here: weights normalised, options ranked, the best one chosen", async () => {
    const { output } = await ask({ action: "decide", data: decision });
    expect(output).toMatchObject({
      weights: { taste: 0.75, "cost of purchase": 0.25 },
      options: [{ scores: scores(expect.any(Number)) }, {}, {}],
    });
    const { options, chosen_option, weighted_total, conclusion } = Object(output);
    for (const { scores: own, total } of options) {
      expect(total).toBeCloseTo(0.75 * own.taste + 0.25 * own["cost of purchase"], 3);
    }
    const best = Math.max(...options.map(({ total }: { total: number }) => total));
    expect(weighted_total).toBe(best);
    expect(options[0]).toMatchObject({ id: chosen_option, total: best });
    expect(conclusion).toContain(chosen_option);
  });

  it("evaluates options side by side, each by a call of its own, when asked to", async () => {
    const { calls, bodies, output } = await ask(
      { action: "decide", data: decision },
      { reasoning: { parallel_evaluation: true } },
    );
    expect(calls).toHaveLength(3);
    expect(bodies.filter((body) => body.includes("Green tea"))).toHaveLength(1);
    expect(Object(output).options).toHaveLength(3);
  });

  it("takes the whole configuration of the older documents", async () => {
    const reasoning = {
      temperature: 0.2,
      max_reasoning_steps: 10,
      reasoning_style: "analytical",
      output_format: "structured",
      enable_assumptions: true,
      confidence_threshold: 0.7,
      parallel_evaluation: true,
      memory_enabled: true,
      memory_context_limit: 5,
    };
    const { run, calls } = await ask({ action: "decide", data: decision }, { reasoning });
    expect(run.status).toBe("completed");
    expect(calls.length).toBeGreaterThan(1);
  });

  it("keeps to the steps, assumptions and format configured", async () => {
    const reasoning = { max_reasoning_steps: 1, enable_assumptions: false, output_format: "narrative" };
    const { output } = await ask({ action: "analyze", data: { subject: "Tea" } }, { reasoning });
    expect(output).toMatchObject({ assumptions: [], narrative: expect.stringMatching(/^Looked at .*Tea\./) });
    expect(Object(output).reasoning_steps).toHaveLength(1);
  });
});

describe("Refusals", () => {
  it.each([
    [
      "a decision without options",
      { action: "decide", data: { ...decision, options: ["Only one"] } },
      ["options"],
    ],
    [
      "a decision without criteria",
      { action: "decide", data: { decision: "?", options: ["a", "b"] } },
      ["criteria.factors"],
    ],
    ["an analysis of nothing", { action: "analyze", data: {} }, ["subject"]],
    ["an evaluation of nothing", { action: "evaluate", data: {} }, ["proposal", "evaluation_criteria"]],
    ["reasoning about nothing", { action: "reason", data: {} }, ["scenario", "question"]],
    [
      "a factor without weight",
      { action: "decide", data: { ...decision, criteria: { factors: ["a", "b"], weights: { a: 1 } } } },
      ["criteria.weights.b"],
    ],
    ["a review of nothing", { action: "review", data: {} }, ["content_to_review"]],
  ])("REASONING_002 with what is missing: %s", async (_, input, missing_elements) => {
    const { error, calls } = await ask(input);
    expect(error).toMatchObject({ code: "REASONING_002", details: { missing_elements } });
    expect(calls).toEqual([]);
  });

  it.each([
    ["an unknown action", { action: "dream", data: {} }],
    ["options that are numbers", { action: "decide", data: { ...decision, options: [1, 2] } }],
    [
      "weights below zero",
      { action: "decide", data: { ...decision, criteria: { factors: ["a"], weights: { a: -1 } } } },
    ],
    [
      "weights that are all zero",
      { action: "decide", data: { ...decision, criteria: { weights: { a: 0 } } } },
    ],
    ["an option given twice", { action: "decide", data: { ...decision, options: ["Tea", "Tea"] } }],
    ["criteria that are no list", { action: "review", data: { content_to_review: "x", review_criteria: 7 } }],
  ])("REASONING_001: %s", async (_, input) => {
    const { error, calls } = await ask(input);
    expect(error).toMatchObject({ code: "REASONING_001" });
    expect(calls).toEqual([]);
  });

  it.each(["analyze", "review"])("REASONING_001 for more than 100 KB: %s", async (action) => {
    const words = "word ".repeat(21_000);
    const started = await startedTask(
      `large_${action}`,
      plan("think", {
        think: {
          action: "reasoning_review",
          input: { action, data: { subject: "{{input.words}}", content_to_review: "{{input.words}}" } },
        },
      }),
      {},
      { input: { words } },
    );
    const { calls } = await deliver("agents", [started.envelope("think")]);
    expect(calls).toEqual([]);
    expect((await started.view()).error).toMatchObject({
      code: "REASONING_001",
      details: { max_bytes: 102_400 },
    });
  });

  it("REASONING_004 for constraints that contradict each other, without a call", async () => {
    const constraints = ["Budget < 10k", "Budget at least 20k"];
    const { error, calls } = await ask({ action: "decide", data: { ...decision, constraints } });
    expect(error).toMatchObject({
      code: "REASONING_004",
      details: { conflicts: [[constraints[1], constraints[0]]] },
    });
    expect(calls).toEqual([]);
  });

  it("REASONING_004 for a conflict that the model finds", async () => {
    const { error } = await ask({ action: "analyze", data: { subject: "Tea #conflict" } });
    expect(error).toMatchObject({ code: "REASONING_004" });
  });

  it("REASONING_005 below the confidence wanted, and only then", async () => {
    const data = { subject: "Tea #unsure" };
    const usual = await ask({ action: "analyze", data });
    expect(usual.error).toMatchObject({
      code: "REASONING_005",
      details: { confidence: 0.2, confidence_threshold: 0.7 },
    });
    const lenient = await ask({ action: "analyze", data }, { reasoning: { confidence_threshold: 0.2 } });
    expect(lenient.output).toMatchObject({ confidence: 0.2 });
  });

  it("REASONING_003 when no answer comes in time", async () => {
    const step = {
      action: "reasoning_review",
      input: { content_to_review: "Tea #hang" },
      timeout_seconds: 0.3,
    };
    const { view, envelope } = await startedTask("reasoning_late", plan("think", { think: step }));
    await deliver("agents", [envelope("think")]);
    // The tenant object's own clock may be first.
    expect(["REASONING_003", "TASK_TIMEOUT"]).toContain((await view()).error?.code);
  });

  it("settings that make no sense are named", async () => {
    const { error } = await ask(
      { subject: "Tea" },
      { action: "analyze", reasoning: { max_reasoning_steps: 0 } },
    );
    expect(error).toMatchObject({
      code: "AGENT_CONFIG_INVALID",
      message: expect.stringContaining("max_reasoning_steps"),
    });
  });
});

describe("The review contract", () => {
  it("gives passed, score, suggestions and reasoning", async () => {
    const { output } = await ask({ content_to_review: "Tea is a drink.", review_criteria: ["It is true"] });
    expect(output).toEqual({
      review_passed: true,
      score: expect.any(Number),
      suggestions: expect.any(Array),
      reasoning: expect.any(String),
    });
    expect(Object(output).score).toBeLessThanOrEqual(10);
  });

  it("can end in a refusal of the content", async () => {
    const { output } = await ask({ content_to_review: "Tea #reject" });
    expect(output).toMatchObject({ review_passed: false, score: 3 });
  });
});
