import { expect, it } from "vitest";
import { queueOfTask } from "#src/tasks/route-task.ts";

const agents = {
  copywriter: { category: "data-driven", defaultConfig: {} },
  reasoning: { category: "code-driven", defaultConfig: {} },
  "web-search": { category: "adapter", defaultConfig: {} },
} as const;

it.each([
  ["system.tasks.copywriter", "high", "agent-tasks-high"],
  ["system.tasks.copywriter", "low", "agent-tasks-low"],
  ["system.agent.generic.process", "normal", "agent-tasks-normal"],
  ["system.agent.reasoning.process", "normal", "agent-tasks-normal"],
  ["system.tasks.reasoning", "high", "agent-tasks-high"],
  ["system.adapter.web.search", "high", "adapter-tasks"],
  ["system.adapter.image.generate", "low", "adapter-tasks"],
  ["system.tasks.web-search", "high", "adapter-tasks"],
  ["system.tasks.unknown", "normal", "agent-tasks-normal"],
] as const)("A task on %s in the %s lane goes to %s", (topic, lane, queue) => {
  expect(queueOfTask(topic, lane, agents)).toBe(queue);
});

it("The topics of the adapters need no agent definition", () => {
  expect(queueOfTask("system.adapter.web.search", "high", {})).toBe("adapter-tasks");
  expect(queueOfTask("system.adapter.image.generate", "high", {})).toBe("adapter-tasks");
});
