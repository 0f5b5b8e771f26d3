import { plan } from "./plans.ts";

/** A gate after a gate. */
export const twoGates = plan("first", {
  first: { action: "pause_for_human_input", input: { draft: "{{input.topic}}" }, next_step: "second" },
  second: { action: "pause_for_human_input", next_step: "done" },
  done: { action: "complete_workflow", input: { said: "{{steps.first.output.feedback}}" } },
});

/** Two gates that wait at the same time. */
export const gatesAtOnce = plan("search", {
  search: { action: "retrieve_memory", input: { query: "tea" } },
  left: { action: "pause_for_human_input", dependencies: ["search"] },
  right: { action: "pause_for_human_input", dependencies: ["search"], timeout_seconds: 3600 },
  done: { action: "complete_workflow", dependencies: ["left", "right"] },
});
