import { describe, expect, it } from "vitest";
import { estimateFuel } from "#src/engine/plans/fuel-estimate.ts";
import { validatePlan } from "#src/engine/plans/validate-plan.ts";
import { workflowsCalledBy } from "#src/engine/plans/workflow-graph.ts";
import { oneTextStep, plan } from "../../../support/plans.ts";

const workflows = {
  text: { plan: oneTextStep },
  many: {
    plan: plan("write", { write: { action: "ai_text_generate", for_each: "input.items" } }),
  },
};
const text = { action: "ai_text_generate", tools: ["web_search"] };
const agents = { drawer: { category: "adapter" as const, defaultConfig: {} } };

const problemsOf = (step: Parameters<typeof plan>[1][string], config: Record<string, unknown> = {}) =>
  validatePlan(plan("write", { write: step }), {
    config,
    agents,
    workflows,
    isRoutable: () => true,
  }).errors.map(({ path, message }) => `${path}: ${message}`);

describe("A plan may give tools to a model", () => {
  it("that writes a text: those that are built in, and workflows", () => {
    const tools = ["web_search", "generate_image", "search_memory", "remember", "workflow:text"];
    expect(problemsOf({ ...text, tools, max_turns: 3, max_calls: 4, on_limit: "answer" })).toEqual([]);
    expect(problemsOf({ ...text, action: "generate_text", topic: "agents.copywriter.process" })).toEqual([]);
  });

  it.each([
    [{ ...text, tools: ["format_disk"] }, "tools.0: There is no tool format_disk"],
    [{ ...text, tools: ["workflow:none"] }, "tools.0: There is no active workflow none"],
    [{ ...text, tools: ["remember", "remember"] }, "tools.1: remember is named twice"],
    [{ ...text, for_each: "[1]" }, "tools: A step with tools has no for_each"],
    [{ ...text, action: "web_search" }, "tools: web_search takes no tools"],
    [{ ...text, action: "pause_for_human_input" }, "tools: pause_for_human_input takes no tools"],
    [
      { ...text, topic: "system.agent.reasoning.process" },
      "tools: Only an agent that writes texts takes tools",
    ],
    [{ ...text, topic: "system.tasks.drawer" }, "tools: Only an agent that writes texts takes tools"],
    [{ ...text, topic: "workflow:text" }, "tools: Only an agent that writes texts takes tools"],
    [{ ...text, input: { output_schema: {} } }, "tools: A step with tools answers in words"],
  ])("%j and nothing else", (step, problem) => {
    expect(problemsOf(step)).toEqual([expect.stringContaining(`steps.write.${problem}`)]);
  });

  it("of a persona that answers in a form only where the step lifts that form", () => {
    const config = { output_schema: { type: "object" } };
    expect(problemsOf(text, config)).toHaveLength(1);
    expect(problemsOf({ ...text, input: { prompt: "x", output_schema: null } }, config)).toEqual([]);
  });

  it("and then reaches the workflows among them, which a run keeps", () => {
    const reaching = plan("write", { write: { ...text, tools: ["web_search", "workflow:text"] } });
    expect(workflowsCalledBy(reaching)).toEqual(["text"]);
  });
});

describe("The most fuel of a step with tools", () => {
  const most = (step: object, config: Record<string, unknown> = {}) =>
    estimateFuel(plan("write", { write: { ...text, max_turns: 3, max_calls: 4, ...step } }), {
      config,
      agents: {},
      workflows,
    });

  it("is a text for each turn, and the dearest tool that may be used for each call", () => {
    expect(most({}).most).toBe(3 * 25 + 4 * 5);
    expect(most({ tools: ["web_search", "generate_image"] }).most).toBe(3 * 25 + 4 * 40);
    const tool_policy = [{ tool: "generate_image", verdict: "deny" }];
    expect(most({ tools: ["web_search", "generate_image"] }, { tool_policy }).most).toBe(3 * 25 + 4 * 5);
  });

  it("has one text more where a last answer may follow", () => {
    expect(most({ on_limit: "answer" }).most).toBe(4 * 25 + 4 * 5);
  });

  it("counts a workflow by its own bound, tried again as often as it may be", () => {
    const retry = { max_attempts: 2 };
    expect(most({ tools: ["workflow:text"], retry }).most).toBe(3 * 25 + 4 * 2 * 25);
  });

  it("has no bound where a workflow has none, unless the step sets one", () => {
    const estimate = most({ tools: ["workflow:many"] });
    expect([estimate.most, estimate.unbounded[0]?.path]).toEqual([null, "steps.write.tools"]);
    expect(most({ tools: ["workflow:many"], fuel_budget: 10 }).most).toBe(3 * 25 + 4 * 10);
  });
});
