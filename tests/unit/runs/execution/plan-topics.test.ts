import { expect, it } from "vitest";
import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentsNeeded, unmetTopics } from "#src/runs/execution/plan-topics.ts";
import { plan } from "#tests/support/plans.ts";

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

const alone = (of: ReturnType<typeof plan>) => ({ plan: of, workflows: {} });

it("A run keeps the agents its plan calls, and no others", () => {
  expect(Object.keys(agentsNeeded(alone(mixed), {}, agents)).sort()).toEqual(["poet", "web-search"]);
});

it("A step without a topic calls the persona's agent type", () => {
  const bare = plan("a", { a: { action: "ai_text_generate" } });
  expect(Object.keys(agentsNeeded(alone(bare), {}, agents))).toEqual(["copywriter"]);
  expect(Object.keys(agentsNeeded(alone(bare), { agent_type: "poet" }, agents))).toEqual(["poet"]);
});

const digest = plan("a", { a: { action: "ai_text_generate", topic: "system.tasks.poet" } });
const parent = plan("a", { a: { action: "child", topic: "workflow:digest" } });

it("A run keeps the agents that its child runs call", () => {
  expect(
    Object.keys(agentsNeeded({ plan: parent, workflows: { digest: { plan: digest } } }, {}, agents)),
  ).toContain("poet");
});

it("Steps whose agent is gone are named, sub-tasks with the step they belong to", () => {
  expect(unmetTopics(alone(mixed), {}, () => false)).toEqual([
    { step: "gather", path: "steps.gather.topic", message: "system.adapter.web.search leads nowhere" },
    { step: "write", path: "steps.write.topic", message: "system.tasks.poet leads nowhere" },
  ]);
  expect(unmetTopics(alone(mixed), {}, () => true)).toEqual([]);
});

it("Steps whose workflow is gone, or calls an agent that is, are named", () => {
  expect(unmetTopics(alone(parent), {}, () => true)).toEqual([
    { step: "a", path: "steps.a.topic", message: "There is no active workflow digest" },
  ]);
  expect(unmetTopics({ plan: parent, workflows: { digest: { plan: digest } } }, {}, () => false)).toEqual([
    { step: "a", path: "workflows.digest.steps.a.topic", message: "system.tasks.poet leads nowhere" },
  ]);
});
