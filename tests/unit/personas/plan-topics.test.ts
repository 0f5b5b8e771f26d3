import { expect, it } from "vitest";
import { agentsNeeded, stepsWithoutAgent } from "../../../src/personas/plan-topics.ts";
import type { AgentRoute } from "../../../src/workflows/tenant-workflows-api.ts";
import { plan } from "../../support/plans.ts";

const route: AgentRoute = { category: "data-driven", defaultConfig: {} };
const agents = {
  copywriter: route,
  poet: route,
  "web-search": route,
  "image-generator": route,
  reasoning: route,
};

const mixed = plan("gather", {
  gather: {
    action: "fan_out",
    sub_tasks: [{ step_name: "news", topic: "system.adapter.web.search" }],
    next_step: "write",
  },
  write: { action: "ai_text_generate", topic: "system.tasks.poet", next_step: "done" },
  done: { action: "complete_workflow" },
});

it("A run keeps the agents its plan calls, and no others", () => {
  expect(Object.keys(agentsNeeded(mixed, {}, agents)).sort()).toEqual(["poet", "web-search"]);
});

it("A step without a topic calls the persona's agent type", () => {
  const bare = plan("a", { a: { action: "ai_text_generate" } });
  expect(Object.keys(agentsNeeded(bare, {}, agents))).toEqual(["copywriter"]);
  expect(Object.keys(agentsNeeded(bare, { agent_type: "poet" }, agents))).toEqual(["poet"]);
});

it("A plan with child runs may call any agent", () => {
  const parent = plan("a", { a: { action: "child", topic: "workflow:digest" } });
  expect(agentsNeeded(parent, {}, agents)).toEqual(agents);
});

it("Steps whose agent is gone are named, sub-tasks with the step they belong to", () => {
  expect(stepsWithoutAgent(mixed, {}, () => false)).toEqual([
    { step: "gather", path: "steps.gather.topic", message: "system.adapter.web.search leads nowhere" },
    { step: "write", path: "steps.write.topic", message: "system.tasks.poet leads nowhere" },
  ]);
  expect(stepsWithoutAgent(mixed, {}, () => true)).toEqual([]);
});
